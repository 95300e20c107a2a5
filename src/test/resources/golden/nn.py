#!/usr/bin/env python3
"""Writes nn.json, PyTorch's (python3-torch) numbers in float64: activations and their derivatives, the gains of initializers
and the moments of what they draw, and cross-entropy with label smoothing and its gradient.

  src/test/resources/golden/nn.py
"""
import json
import os

import torch
from torch.nn import functional

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
ACTIVATIONS = {
    "relu": torch.nn.ReLU(),
    "leaky-relu": torch.nn.LeakyReLU(),
    "leaky-relu(0.2)": torch.nn.LeakyReLU(0.2),
    "sigmoid": torch.nn.Sigmoid(),
    "tanh": torch.nn.Tanh(),
    "elu": torch.nn.ELU(),
    "selu": torch.nn.SELU(),
    "gelu": torch.nn.GELU(),
    "silu": torch.nn.SiLU(),
    "softplus": torch.nn.Softplus(),
}
GAINS = {
    "relu": ("relu",),
    "leaky-relu": ("leaky_relu", 0.01),
    "leaky-relu(0.2)": ("leaky_relu", 0.2),
    "sigmoid": ("sigmoid",),
    "tanh": ("tanh",),
    "selu": ("selu",),
}
INITIALIZERS = [
    ("xavier", {}, torch.nn.init.xavier_uniform_, {}),
    ("kaiming", {}, torch.nn.init.kaiming_uniform_, dict(nonlinearity="relu")),
    ("xavier-uniform", dict(gain=2.5), torch.nn.init.xavier_uniform_, dict(gain=2.5)),
    ("xavier-normal", {}, torch.nn.init.xavier_normal_, {}),
    ("xavier-normal", dict(gain=0.3), torch.nn.init.xavier_normal_, dict(gain=0.3)),
    ("kaiming-uniform", {}, torch.nn.init.kaiming_uniform_, dict(nonlinearity="relu")),
    ("kaiming-uniform", dict(activation="tanh", fan="out"), torch.nn.init.kaiming_uniform_,
     dict(nonlinearity="tanh", mode="fan_out")),
    ("kaiming-uniform", dict(activation="leaky-relu", slope=0.7), torch.nn.init.kaiming_uniform_,
     dict(nonlinearity="leaky_relu", a=0.7)),
    ("kaiming-normal", dict(activation="selu"), torch.nn.init.kaiming_normal_, dict(nonlinearity="selu")),
    ("kaiming-normal", dict(activation="sigmoid", fan="out"), torch.nn.init.kaiming_normal_,
     dict(nonlinearity="sigmoid", mode="fan_out")),
    ("normal", {}, torch.nn.init.normal_, {}),
    ("normal", dict(mean=0.5, std=0.1), torch.nn.init.normal_, dict(mean=0.5, std=0.1)),
    ("uniform", {}, torch.nn.init.uniform_, {}),
    ("uniform", dict(low=-0.2, high=0.7), torch.nn.init.uniform_, dict(a=-0.2, b=0.7)),
    ("zeros", {}, torch.nn.init.zeros_, {}),
    ("pytorch", {}, lambda weight: weight.copy_(torch.nn.Linear(weight.shape[1], weight.shape[0]).weight), {}),
]


def float32(numbers):
    return numbers.to(torch.float32).to(torch.float64)


def activation(module, z):
    z = z.clone().requires_grad_()
    values = module(z)
    values.sum().backward()
    return {"values": values.tolist(), "derivatives": z.grad.tolist()}


def initializer(name, settings, init, arguments, inputs, outputs):
    weight = torch.empty(outputs, inputs)
    with torch.no_grad():
        init(weight, **arguments)
    moments = {"min": weight.min(), "max": weight.max(), "mean": weight.mean(), "std": weight.std()}
    case = {"initializer": name, "settings": settings, "inputs": inputs, "outputs": outputs}
    return {**case, **{moment: value.item() for moment, value in moments.items()}}


def smoothed(smoothing, outputs, targets):
    outputs = outputs.clone().requires_grad_()
    loss = functional.cross_entropy(outputs, targets, label_smoothing=smoothing)
    loss.backward()
    return {"smoothing": smoothing, "loss": loss.item(), "gradient": outputs.grad.tolist()}


steps = torch.cat([torch.linspace(-12, 12, 97), torch.tensor([-30, -20.5, -1e-3, -1e-6, 1e-6, 1e-3, 19.9, 20.1, 30])])
z = float32(torch.cat([steps, torch.randn(60)]))
outputs = float32(torch.cat([torch.randn(5, 4), torch.tensor([[30, -30, 0, 1], [0, 0, 0, 0]])]))
targets = torch.tensor([0, 1, 2, 3, 1, 1, 2])
golden = {
    "about": "Written by nn.py with PyTorch " + torch.__version__ + " in float64",
    "z": z.tolist(),
    "activations": {name: activation(module, z) for name, module in ACTIVATIONS.items()},
    "gains": {name: torch.nn.init.calculate_gain(*arguments) for name, arguments in GAINS.items()},
    "initializers": [
        initializer(*case, inputs, outputs) for case in INITIALIZERS for inputs, outputs in ((300, 200), (50, 1200))
    ],
    "labelSmoothing": {
        "outputs": outputs.tolist(),
        "targets": targets.tolist(),
        "cases": [smoothed(smoothing, outputs, targets) for smoothing in (0.0, 0.1, 0.5, 0.95)],
    },
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "nn.json"), "w") as file:
    json.dump(golden, file)
    file.write("\n")
