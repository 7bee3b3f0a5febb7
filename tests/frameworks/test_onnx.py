"""ONNX's calls, programs and files: run by ONNX Runtime, the files also by ONNX's own reference."""

from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx.reference import ReferenceEvaluator

from engine.frameworks import onnx as spelled
from engine.frameworks.onnx import ONNX
from engine.frameworks.onnx_model import model_bytes
from engine.frameworks.pads import cropping
from engine.frameworks.programs import tolerance
from engine.geometry import plan
from engine.spec import AvgPool2D, Conv2D, Conv2DTranspose, DepthwiseConv2D, Operation
from tests.frameworks.running import run_all
from tests.frameworks.small import Sample, samples, traits

SAMPLES = list(samples(360, seed=2))
HELD = [one for one in SAMPLES if ONNX.spell(one.spec, one.geometry, one.shape).holds]
REFUSED = [one for one in SAMPLES if one not in HELD]
CPU = ["CPUExecutionProvider"]

# It warns of shapes of ceil_mode that its shape inference and its own kernels see differently.
onnxruntime.set_default_logger_severity(4)


def channels_last(array: np.ndarray) -> np.ndarray:
    return array.transpose(0, 2, 3, 1)


def fed(sample: Sample) -> dict[str, np.ndarray]:
    return {"input": np.ascontiguousarray(sample.input.transpose(0, 3, 1, 2), dtype=np.float32)}


def notes(sample: Sample) -> set[str]:
    return {note.name for note in ONNX.spell(sample.spec, sample.geometry, sample.shape).notes}


def model_of(sample: Sample) -> bytes:
    return spelled.model(sample.spec, sample.geometry, sample.shape)


def test_everything_is_drawn() -> None:
    drawn = traits(HELD)
    print(ONNX.title, onnxruntime.__version__, len(HELD), "held", len(REFUSED), "refused", dict(drawn))
    assert min(drawn.values()) >= 4, drawn
    assert len(HELD) >= 320
    assert ONNX.version_checked == onnxruntime.__version__


def test_each_program_gives_the_output() -> None:
    assert run_all(ONNX, SAMPLES) == len(HELD)


def test_each_file_gives_the_output() -> None:
    for sample in HELD:
        model = model_of(sample)
        onnx.checker.check_model(onnx.load_model_from_string(model))
        (output,) = onnxruntime.InferenceSession(model, providers=CPU).run(None, fed(sample))
        near = tolerance(sample.spec, sample.input)
        np.testing.assert_allclose(channels_last(output), sample.output, 1e-5, near, err_msg=str(sample))


def test_the_reference_reads_the_files_too() -> None:
    # Its ConvTranspose reads no weights of several channels; its sigmoid warns of overflows.
    with np.errstate(over="ignore", invalid="ignore"):
        for sample in [one for one in HELD if isinstance(one.spec, Conv2D | DepthwiseConv2D)]:
            model = onnx.load_model_from_string(model_of(sample))
            (output,) = ReferenceEvaluator(model).run(None, fed(sample))
            near = tolerance(sample.spec, sample.input)
            np.testing.assert_allclose(channels_last(output), sample.output, 1e-5, near, err_msg=str(sample))


def test_what_it_is_said_to_refuse_it_refuses() -> None:
    assert len(REFUSED) >= 4
    assert {name for one in REFUSED for name in notes(one)} == {"onnx_large_pads"}
    for sample in REFUSED:
        with pytest.raises(Exception, match="Pad should be smaller"):
            onnxruntime.InferenceSession(model_of(sample), providers=CPU).run(None, fed(sample))


def test_it_adds_fewer_cells_than_a_stride_is_long() -> None:
    added = [one for one in HELD if "onnx_output_padding" in notes(one)]
    assert len(added) >= 4
    for sample in added:
        spec, graph = sample.spec, spelled.graph(sample.spec, sample.geometry, sample.shape)
        assert isinstance(spec, Conv2DTranspose)
        asked = {"output_padding": cropping(spec, sample.geometry)[1]}
        nodes = [
            replace(node, inputs=("input", *node.inputs[1:]), attributes={**node.attributes, **asked})
            for node in graph.nodes
            if node.operator == "ConvTranspose"
        ]
        model = model_bytes(replace(graph, nodes=(replace(nodes[0], output="output"),)))
        with pytest.raises(Exception, match=r"output_padding .* may be too large"):
            onnxruntime.InferenceSession(model, providers=CPU).run(None, fed(sample))


def test_the_oldest_set_of_operators_that_will_do() -> None:
    def opset(**settings: object) -> int:
        spec = Conv2D(np.ones((3, 3, 1, 1)), **settings)
        return _opset(spec)

    assert opset() == 13
    assert opset(padding_mode="reflect") == 13
    assert opset(padding_mode="circular") == 19
    assert _opset(AvgPool2D((2, 2), dilations=(1, 2))) == 19
    assert _opset(AvgPool2D((2, 2))) == 13


def _opset(spec: Operation) -> int:
    model = spelled.model(spec, plan(spec, 5, 6), (1, 5, 6, 1))
    return int(onnx.load_model_from_string(model).opset_import[0].version)


def test_the_article_as_nodes() -> None:
    spec = Conv2D(np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1), strides=(2, 2), activation="relu")
    call = ONNX.spell(spec, plan(spec, 4, 4), (1, 4, 4, 1))
    assert call.text == (
        "sum = Conv <kernel_shape = [3, 3], strides = [2, 2], pads = [0, 0, 1, 1], dilations = [1, 1], "
        "group = 1> (input, weight)\noutput = Relu (sum)"
    )
