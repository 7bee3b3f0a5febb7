"""The one way the engine says no."""


class EngineError(ValueError):
    """A refusal that names the field and the numbers.

    `field` is a path in the terms of the spec ("kernel", "strides", "padding", "input", "position", ...),
    `value` what was given, `reason` a sentence for the person who gave it. The text is "field: reason".
    """

    def __init__(self, field: str, value: object, reason: str) -> None:
        super().__init__(field, value, reason)
        self.field = field
        self.value = value
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"
