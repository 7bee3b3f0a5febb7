"""How the geometry of one axis came about, in English: its padding, its windows, what nobody reads."""

from typing import Literal

from app.services.spelling import counted, span_of
from engine.axes import AnyAxis, AxisGeometry, TransposedAxisGeometry
from engine.spec import Operation, PaddingMode

# What padding of each mode reads.
_MODES: dict[PaddingMode, str] = {
    "zeros": "",
    "reflect": " The padding mirrors the input.",
    "replicate": " The padding repeats the edge of the input.",
    "circular": " The padding wraps around to the other side.",
}
_LINES = (("row", "rows"), ("column", "columns"))


def axis_sentence(spec: Operation, axis: AnyAxis, index: Literal[0, 1]) -> str:
    """A few sentences about axis y (0) or x (1)."""
    one, several = _LINES[index]
    match axis:
        case AxisGeometry():
            return f"{_padded(spec, axis, one, several)} {_windows(axis, one, several)}"
        case TransposedAxisGeometry():
            return _stamps(axis, one, several)


def _padded(spec: Operation, axis: AxisGeometry, one: str, several: str) -> str:
    total = axis.pad_before + axis.pad_after
    ends = f"{axis.pad_before} before and {axis.pad_after} after"
    mode = _MODES[axis.padding_mode] if total else ""
    if spec.kernel_size == "global":
        return "The window is the whole input."
    match spec.padding:
        case "SAME" | "SAME_LOWER":
            asked = f"{spec.padding} asks for ⌈{axis.input_size} ÷ {axis.stride}⌉ = {axis.output_size}"
            windows = "window" if axis.output_size == 1 else "windows"
            lines = counted(total, f"one {one}", several)
            takes = f"{lines} of padding, {ends}" if total else "no padding"
            end = "end" if spec.padding == "SAME" else "start"
            odd = f" The odd one goes to the {end}." if total % 2 else ""
            return f"{asked} {windows}, which takes {takes}.{odd}{mode}"
        case "VALID":
            return "VALID adds no padding."
        case "FULL":
            return f"FULL adds as much padding as a window can reach: {ends}.{mode}"
        case _:
            return f"The padding asked for is {ends}.{mode}" if total else "No padding is asked for."


def _windows(axis: AxisGeometry, one: str, several: str) -> str:
    span = counted(axis.span, f"one {one}", several)
    windows = f"One window of {span} fits."
    if axis.output_size > 1:
        windows = f"{axis.output_size} windows of {span} fit, {axis.stride} apart."
    if axis.overhang:
        windows += f" The last one overhangs by {counted(axis.overhang, f'one {one}', several)}."
    elif axis.leftover >= axis.stride:
        windows += " The one that would start behind the input is left out."
    elif axis.leftover:
        left = counted(axis.leftover, f"One {one} is", f"{several} are")
        windows += f" {left} left over, too few for another one."
    never = _never(axis.never_read, one, several)
    if never is None:
        return f"{windows} Every {one} is read."
    are = "is" if len(axis.never_read) == 1 else "are"
    return f"{windows} {never} {are} never read."


def _stamps(axis: TransposedAxisGeometry, one: str, several: str) -> str:
    span, full = (counted(size, f"one {one}", several) for size in (axis.span, axis.full_size))
    stamps = f"One stamp of {span} covers {full}."
    if axis.input_size > 1:
        stamps = f"{axis.input_size} stamps of {span}, {axis.stride} apart, cover {full}."
    after = f"{axis.crop_after} after" if axis.crop_after >= 0 else f"{-axis.crop_after} added after"
    kept = counted(axis.output_size, f"one {one}", several)
    cropped = f" Cropping {axis.crop_before} before and {after} leaves {kept}."
    if axis.crop_after < 0:
        cropped = f" With {axis.crop_before} cropped before and {after} there are {kept}."
    elif not axis.crop_before and not axis.crop_after:
        cropped = " Nothing is cropped."
    never = _never(axis.never_read, one, several)
    if never is None:
        return f"{stamps}{cropped}"
    leave = "leaves" if len(axis.never_read) == 1 else "leave"
    return f"{stamps}{cropped} {never} {leave} nothing on the output."


def _never(cells: tuple[int, ...], one: str, several: str) -> str | None:
    """The subject of a sentence about these cells: "Row 3", "Rows 7 to 9", "4 rows"; None for none."""
    if not cells:
        return None
    if cells[-1] - cells[0] + 1 == len(cells):
        return span_of(one, list(cells)).capitalize()
    return f"{len(cells)} {several}"
