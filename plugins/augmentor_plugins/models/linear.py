"""Linear layers on a CPU through oneDNN: the same float32 arithmetic, more than twice as fast where MKL is slow.

PyTorch multiplies float32 matrices on x86 with MKL, which on AMD processors leaves half of the machine idle: a 280 x 576 by 576 x 1536 product
took 3.2 ms in MKL and 1.3 to 1.5 ms in oneDNN (EPYC, 2 cores), which PyTorch carries as well and uses for bfloat16 and compiled graphs.
Rounding differs in the last bits as between any two libraries; results do not depend on anything but the input.
"""

from __future__ import annotations

from functools import cache
from typing import Any


def accelerate(model: Any) -> None:
    """Have the linear layers of a float32 model on a CPU computed by oneDNN, forwards and backwards; any other model is left as it is."""
    import torch

    product = _product()
    if product is None:
        return
    for module in model.modules():
        if type(module) is torch.nn.Linear and module.weight.device.type == "cpu" and module.weight.dtype == torch.float32:
            module.forward = _forward(module, product)


def restore(model: Any) -> None:
    """Undo `accelerate`."""
    import torch

    for module in model.modules():
        if type(module) is torch.nn.Linear:
            vars(module).pop("forward", None)


def _forward(module: Any, product: Any) -> Any:
    import torch

    function = _function()

    def forward(given: Any) -> Any:
        if given.dtype != torch.float32 or torch.is_autocast_enabled("cpu"):
            return torch.nn.functional.linear(given, module.weight, module.bias)
        rows = given.reshape(-1, given.shape[-1])
        if torch.is_grad_enabled() and (given.requires_grad or module.weight.requires_grad):
            result = function.apply(rows, module.weight, module.bias)
        else:
            result = product(rows, module.weight, module.bias)
        return result.view(*given.shape[:-1], -1)

    return forward


@cache
def _function() -> Any:
    """The product with its derivatives, as autograd wants it."""
    import torch

    product = _product()

    class Linear(torch.autograd.Function):  # type: ignore[misc, unused-ignore]  # torch types it as Any
        @staticmethod
        def forward(context: Any, given: Any, weight: Any, bias: Any) -> Any:
            context.save_for_backward(given, weight)
            return product(given, weight, bias)

        @staticmethod
        def backward(context: Any, *gradients: Any) -> tuple[Any, Any, Any]:
            given, weight = context.saved_tensors
            (gradient,) = gradients
            wanted = context.needs_input_grad
            return (
                product(gradient, weight.t(), None) if wanted[0] else None,
                product(gradient.t(), given.t(), None) if wanted[1] else None,
                gradient.sum(0) if wanted[2] else None,
            )

    return Linear


@cache
def _product() -> Any:
    """`(rows, weight, bias) -> rows @ weight.T + bias` by oneDNN; None where this PyTorch does not have it or has it wrong."""
    import torch

    def product(rows: Any, weight: Any, bias: Any) -> Any:
        return torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "none", [], "")

    if not torch.backends.mkldnn.is_available():
        return None
    try:
        rows, weight, bias = torch.arange(12.0).view(3, 4), torch.arange(8.0).view(2, 4), torch.arange(2.0)
        same = torch.equal(product(rows, weight, bias), rows @ weight.t() + bias)
        turned = torch.equal(product(rows.t(), weight.t()[:3].t().contiguous(), None), rows.t() @ weight[:, :3].t())
    except (AttributeError, RuntimeError):
        return None
    return product if same and turned else None
