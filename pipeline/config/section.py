"""The base class of every section of the configuration, and the types of values that sections share."""

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Count = Annotated[int, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]


def _as_share(value: object) -> object:
    """Returns `1%` as the number 0.01, and any other value as it is."""
    if isinstance(value, str) and value.strip().endswith("%"):
        return float(value.strip()[:-1]) / 100
    return value


Share = Annotated[float, BeforeValidator(_as_share), Field(gt=0, le=1)]
"""A share above 0 and up to 1, as a number or in percent: `1%`."""


class Section(BaseModel):
    """A frozen mapping with known keys. The docstring below a key is its text in docs/configuration.md."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_bool(cls, value: object, info: ValidationInfo) -> object:
        """Refuse true and false for a field that is not a bool: pydantic would read `yes` as the number 1."""
        field = cls.model_fields.get(str(info.field_name))
        if isinstance(value, bool) and (field is None or field.annotation is not bool):
            raise ValueError(
                "expected a value other than true or false (YAML reads yes, no, on and off as true and false: "
                "put the word in quotes)"
            )
        return value
