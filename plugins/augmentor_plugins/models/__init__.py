"""Models that can be fetched by name, and loading models."""

from augmentor.hookspecs import Register, hookimpl
from augmentor.protocols import Conversion


@hookimpl
def augmentor_register_models(register: Register) -> None:
    from .smollm2 import SmolLM2

    register(SmolLM2, "smollm2-135m-instruct")


@hookimpl
def augmentor_convert_model(conversion: Conversion) -> list[str]:
    from .conversion import convert

    return convert(conversion)
