#!/usr/bin/env python3
"""Writes optimizers-other-hyperparameters.json: 30 full-batch steps of torch.optim (python3-torch) on the rows, the network and
the initial parameters of optimizers.json, with hyperparameters that are not the defaults.

  src/test/resources/golden/optimizers.py
"""
import json
import os

import torch

folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "optimizers.json")) as file:
    golden = json.load(file)
x = torch.tensor(golden["x"])
y = torch.tensor(golden["y"])

# Names in this project's settings -> torch's.
TORCH = {
    "weightDecay": "weight_decay", "lrDecay": "lr_decay", "dampening": "dampening", "momentum": "momentum",
    "nesterov": "nesterov", "rho": "rho", "eps": "eps", "alpha": "alpha", "centered": "centered", "lambd": "lambd",
    "t0": "t0", "amsgrad": "amsgrad", "lr": "lr",
}
CASES = [
    ("sgd", torch.optim.SGD, dict(lr=0.1, momentum=0.8, dampening=0.3, weightDecay=0.02)),
    ("adam", torch.optim.Adam, dict(lr=0.02, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.05, amsgrad=True)),
    ("adamw", torch.optim.AdamW, dict(lr=0.02, beta1=0.8, beta2=0.95, eps=1e-3, weightDecay=0.3)),
    ("adamw", torch.optim.AdamW, dict(lr=0.02, beta1=0.5, beta2=0.9, eps=1e-4, weightDecay=0.1, amsgrad=True)),
    ("adamax", torch.optim.Adamax, dict(lr=0.05, beta1=0.7, beta2=0.9, eps=1e-3, weightDecay=0.05)),
    ("adagrad", torch.optim.Adagrad, dict(lr=0.1, lrDecay=0.2, weightDecay=0.05, eps=1e-3)),
    ("adagrad", torch.optim.Adagrad, dict(lr=0.2, lrDecay=0.01, eps=1e-6)),
    ("adadelta", torch.optim.Adadelta, dict(lr=3.0, rho=0.7, eps=1e-4, weightDecay=0.05)),
    ("adadelta", torch.optim.Adadelta, dict(lr=0.5, rho=0.99, eps=1e-2)),
    ("rmsprop", torch.optim.RMSprop, dict(lr=0.01, alpha=0.8, eps=1e-3, weightDecay=0.05)),
    ("rmsprop", torch.optim.RMSprop, dict(lr=0.01, alpha=0.9, eps=1e-2, momentum=0.7)),
    ("rmsprop", torch.optim.RMSprop, dict(lr=0.01, alpha=0.9, eps=1e-2, momentum=0.5, centered=True, weightDecay=0.01)),
    ("asgd", torch.optim.ASGD, dict(lr=0.2, lambd=0.05, alpha=0.6, t0=5.0, weightDecay=0.02)),
    ("asgd", torch.optim.ASGD, dict(lr=0.1, lambd=0.01, alpha=1.0, t0=0.0)),
    ("rprop", torch.optim.Rprop, dict(lr=0.05, etaMinus=0.3, etaPlus=1.5, minStep=1e-3, maxStep=0.1)),
    ("rprop", torch.optim.Rprop, dict(lr=0.001, etaMinus=0.7, etaPlus=1.1, minStep=1e-4, maxStep=1.0)),
]


def arguments(keys):
    translated = {TORCH[key]: value for key, value in keys.items() if key in TORCH}
    if "beta1" in keys:
        translated["betas"] = (keys["beta1"], keys["beta2"])
    if "etaMinus" in keys:
        translated["etas"] = (keys["etaMinus"], keys["etaPlus"])
        translated["step_sizes"] = (keys["minStep"], keys["maxStep"])
    return translated


def flat(network):
    return [value for parameter in network.parameters() for value in parameter.detach().flatten().tolist()]


def steps(optimizer_class, keys, initial):
    network = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3))
    with torch.no_grad():
        at = 0
        for parameter in network.parameters():
            parameter.copy_(torch.tensor(initial[at:at + parameter.numel()]).reshape(parameter.shape))
            at += parameter.numel()
    optimizer = optimizer_class(network.parameters(), **arguments(keys))
    costs, after = [], {}
    for step in range(1, 31):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(network(x), y)
        costs.append(loss.item())
        loss.backward()
        optimizer.step()
        if step in (1, 2, 5, 30):
            after[str(step)] = flat(network)
    return costs, after


cases = []
for name, optimizer_class, keys in CASES:
    initial = golden["cases"][0]["initialParameters"]
    costs, after = steps(optimizer_class, keys, initial)
    cases.append({"optimizer": name, "hyperparameters": keys, "initialParameters": initial, "costBeforeStep": costs,
                  "parametersAfterStep": after})
about = "As optimizers.json, with other hyperparameters: written by optimizers.py with PyTorch " + torch.__version__
with open(os.path.join(folder, "optimizers-other-hyperparameters.json"), "w") as file:
    json.dump({"about": about, "cases": cases}, file)
    file.write("\n")
