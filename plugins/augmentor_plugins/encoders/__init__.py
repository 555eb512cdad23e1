"""Encoders: texts in, unit vectors out."""

from augmentor.hookspecs import Register, hookimpl


@hookimpl
def augmentor_register_encoders(register: Register) -> None:
    from .static import Static

    register(Static, "static")
