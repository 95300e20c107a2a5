#!/usr/bin/env python3
"""Writes schedules.json: the learning rates of torch.optim.lr_scheduler (python3-torch) before each call of its step(),
and those of ReduceLROnPlateau after losses.

  src/test/resources/golden/schedules.py
"""
import json
import os
import warnings

import torch
from torch.optim import lr_scheduler

warnings.simplefilter("ignore")
COUNTS = 40
BASE = 0.2

# Names in this project's settings, its arguments, and PyTorch's scheduler.
CASES = [
    ("constant", {}, lambda o: lr_scheduler.ConstantLR(o, factor=1)),
    ("step", {"step-size": 7, "gamma": 0.3}, lambda o: lr_scheduler.StepLR(o, 7, 0.3)),
    ("step", {"step-size": 1, "gamma": 1.05}, lambda o: lr_scheduler.StepLR(o, 1, 1.05)),
    ("multi-step", {"milestones": [30, 4, 11, 11], "gamma": 0.5}, lambda o: lr_scheduler.MultiStepLR(o, [4, 11, 11, 30], 0.5)),
    ("exponential", {"gamma": 0.93}, lambda o: lr_scheduler.ExponentialLR(o, 0.93)),
    ("cosine", {"t-max": 40, "eta-min": 0.01}, lambda o: lr_scheduler.CosineAnnealingLR(o, 40, 0.01)),
    ("cosine", {"t-max": 15}, lambda o: lr_scheduler.CosineAnnealingLR(o, 15)),
    ("one-cycle", {"total-steps": 40}, lambda o: lr_scheduler.OneCycleLR(o, BASE, total_steps=40)),
    ("one-cycle", {"total-steps": 41, "pct-start": 0.43, "anneal-strategy": "linear", "div-factor": 8, "final-div-factor": 50},
     lambda o: lr_scheduler.OneCycleLR(o, BASE, total_steps=41, pct_start=0.43, anneal_strategy="linear", div_factor=8,
                                       final_div_factor=50)),
    ("one-cycle", {"total-steps": 40, "pct-start": 0.35, "three-phase": True},
     lambda o: lr_scheduler.OneCycleLR(o, BASE, total_steps=40, pct_start=0.35, three_phase=True)),
    ("constant", {"warm-up": 6}, lambda o: lr_scheduler.LinearLR(o, total_iters=6)),
    ("constant", {"warm-up": 9, "warm-up-factor": 0.05}, lambda o: lr_scheduler.LinearLR(o, 0.05, total_iters=9)),
    ("cosine", {"t-max": 30, "warm-up": 10, "warm-up-factor": 0.1},
     lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.1, total_iters=10),
                                             lr_scheduler.CosineAnnealingLR(o, 30)], [10])),
    ("step", {"step-size": 5, "gamma": 0.4, "warm-up": 8, "warm-up-factor": 0.25},
     lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.25, total_iters=8),
                                             lr_scheduler.StepLR(o, 5, 0.4)], [8])),
    ("exponential", {"gamma": 0.9, "warm-up": 3, "warm-up-factor": 0.5},
     lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.5, total_iters=3),
                                             lr_scheduler.ExponentialLR(o, 0.9)], [3])),
]
LOSSES = [1, 0.8, 0.79995, 0.79994, 0.7, 0.72, 0.71, 0.73, 0.695, 0.694, 0.6939, 0.9, float("nan"), 0.5, 0.6, 0.6, 0.6, 0.6, 0.6,
          0.6, 0.6, 0.6, 0.6, 0.499, 0.4989, 0.4988, 0.4987, 0.4986, 0.4985, 0.4984]
PLATEAUS = [
    {},
    {"patience": 1},
    {"patience": 0, "factor": 0.5},
    {"patience": 2, "factor": 0.3, "cooldown": 3},
    {"patience": 1, "threshold": 0.01, "threshold-mode": "abs"},
    {"patience": 0, "factor": 0.2, "min-lr": 0.003, "threshold": 0.05},
    {"patience": 0, "factor": 0.1, "cooldown": 1},
]


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)


def rates(scheduler_of):
    sgd = optimizer()
    scheduler = scheduler_of(sgd)
    found = []
    for _ in range(COUNTS):
        found.append(sgd.param_groups[0]["lr"])
        sgd.step()
        scheduler.step()
    return found


def plateau_rates(keys):
    sgd = optimizer()
    scheduler = lr_scheduler.ReduceLROnPlateau(sgd, **{key.replace("-", "_"): value for key, value in keys.items()})
    found = []
    for loss in LOSSES:
        scheduler.step(loss)
        found.append(sgd.param_groups[0]["lr"])
    return found


folder = os.path.dirname(os.path.abspath(__file__))
golden = {
    "about": "Rates of each count, from the first, and after each loss: written by schedules.py with PyTorch " + torch.__version__,
    "base": BASE,
    "schedules": [{"name": name, "settings": keys, "rates": rates(of)} for name, keys, of in CASES],
    "losses": [None if loss != loss else loss for loss in LOSSES],
    "plateaus": [{"settings": keys, "rates": plateau_rates(keys)} for keys in PLATEAUS],
}
with open(os.path.join(folder, "schedules.json"), "w") as file:
    json.dump(golden, file)
    file.write("\n")
