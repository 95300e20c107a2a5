#!/usr/bin/env python3
"""Writes sparse-adam.json: 30 steps of torch.optim.SparseAdam (python3-torch) on rows of 40 inputs, two of them not 0, 4 rows a
minibatch. The first layer's weights are an embedding with sparse gradients; gradients of all other parameters are sparse tensors
with an entry at every place.

  src/test/resources/golden/sparse-adam.py
"""
import json
import os

import torch

INPUTS, HIDDEN, CLASSES, ROWS, BATCH = 40, 6, 3, 24, 4
generator = torch.Generator().manual_seed(5)
columns = torch.stack([torch.randperm(INPUTS, generator=generator)[:2].sort().values for _ in range(ROWS)])
values = torch.cat([torch.ones(ROWS, 1), torch.randn(ROWS, 1, generator=generator)], dim=1)
y = torch.randint(CLASSES, (ROWS,), generator=generator)
initial = [torch.randn(shape, generator=generator) * 0.5 for shape in [(HIDDEN, INPUTS), (HIDDEN,), (CLASSES, HIDDEN), (CLASSES,)]]
CASES = [dict(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8), dict(lr=0.02, beta1=0.8, beta2=0.95, eps=1e-2)]


def everywhere(gradient):
    return torch.sparse_coo_tensor(torch.ones_like(gradient).nonzero().T, gradient.flatten(), gradient.shape)


def flat(embedding, others):
    return [value for parameter in [embedding.T, *others] for value in parameter.detach().flatten().tolist()]


def steps(keys):
    embedding = initial[0].T.clone().requires_grad_()
    others = [parameter.clone().requires_grad_() for parameter in initial[1:]]
    bias, weight2, bias2 = others
    optimizer = torch.optim.SparseAdam([embedding, *others], lr=keys["lr"], betas=(keys["beta1"], keys["beta2"]), eps=keys["eps"])
    costs, after = [], {}
    for step in range(1, 31):
        at = (step - 1) * BATCH % ROWS
        rows = slice(at, at + BATCH)
        entries = torch.nn.functional.embedding(columns[rows], embedding, sparse=True) * values[rows].unsqueeze(2)
        outputs = torch.tanh(entries.sum(1) + bias) @ weight2.T + bias2
        loss = torch.nn.functional.cross_entropy(outputs, y[rows])
        costs.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        for parameter in others:
            parameter.grad = everywhere(parameter.grad)
        optimizer.step()
        if step in (1, 2, 5, 30):
            after[str(step)] = flat(embedding, others)
    return costs, after


x = torch.zeros(ROWS, INPUTS).scatter(1, columns, values)
cases = []
for keys in CASES:
    costs, after = steps(keys)
    cases.append({"hyperparameters": keys, "costBeforeStep": costs, "parametersAfterStep": after})
golden = {
    "about": "Steps of torch.optim.SparseAdam, written by sparse-adam.py with PyTorch " + torch.__version__,
    "inputs": INPUTS, "hidden": HIDDEN, "classes": CLASSES, "batch": BATCH, "x": x.tolist(), "y": y.tolist(),
    "initialParameters": flat(initial[0].T, initial[1:]), "cases": cases,
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sparse-adam.json"), "w") as file:
    json.dump(golden, file)
    file.write("\n")
