#!/usr/bin/env python3
"""Writes constraints.json: 30 full-batch steps of torch.optim (python3-torch) on the rows, the network and the initial
parameters of optimizers.json, with penalties, clipping, norms and averages around each step.

  src/test/resources/golden/constraints.py
"""
import json
import os

import torch

folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "optimizers.json")) as file:
    golden = json.load(file)
x = torch.tensor(golden["x"])
y = torch.tensor(golden["y"])
initial = golden["cases"][0]["initialParameters"]

CASES = [
    dict(l1=0.02),
    dict(clipNorm=0.3),
    dict(clipNorm=1000.0),
    dict(clipValue=0.05),
    dict(maxNorm=0.7),
    dict(movingAverage=0.9),
    dict(l1=0.01, clipNorm=0.4, maxNorm=0.8, movingAverage=0.7),
]


def flat(parameters):
    return [value for parameter in parameters for value in parameter.detach().flatten().tolist()]


def parameters_after(optimizer_class, rate, keys):
    network = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3))
    with torch.no_grad():
        at = 0
        for parameter in network.parameters():
            parameter.copy_(torch.tensor(initial[at:at + parameter.numel()]).reshape(parameter.shape))
            at += parameter.numel()
    optimizer = optimizer_class(network.parameters(), lr=rate)
    decay = keys.get("movingAverage", 0)
    averaged = torch.optim.swa_utils.AveragedModel(
        network, avg_fn=lambda mean, value, count: decay * mean + (1 - decay) * value)
    after = {}
    for step in range(1, 31):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(x), y)
        loss = loss + keys.get("l1", 0) * sum(parameter.abs().sum() for parameter in network.parameters())
        loss.backward()
        if "clipNorm" in keys:
            torch.nn.utils.clip_grad_norm_(network.parameters(), keys["clipNorm"])
        if "clipValue" in keys:
            torch.nn.utils.clip_grad_value_(network.parameters(), keys["clipValue"])
        optimizer.step()
        if "maxNorm" in keys:
            with torch.no_grad():
                for layer in (network[0], network[2]):
                    layer.weight.copy_(torch.renorm(layer.weight, 2, 0, keys["maxNorm"]))
        averaged.update_parameters(network)
        if step in (1, 2, 5, 30):
            after[str(step)] = flat(averaged.module.parameters() if decay else network.parameters())
    return after


cases = [
    {"optimizer": name, "lr": rate, "constraints": keys, "initialParameters": initial,
     "parametersAfterStep": parameters_after(optimizer_class, rate, keys)}
    for name, optimizer_class, rate in (("sgd", torch.optim.SGD, 0.5), ("adam", torch.optim.Adam, 0.02))
    for keys in CASES
]
about = "The result after steps with constraints: written by constraints.py with PyTorch " + torch.__version__
with open(os.path.join(folder, "constraints.json"), "w") as file:
    json.dump({"about": about, "cases": cases}, file)
    file.write("\n")
