"""Trains one of the lecture's models with PyTorch on one thread and prints `MODEL SECONDS`:
the median seconds of an epoch over 60,000 rows of MNIST's shape, after one epoch to warm up.

    python3 pytorch_loop.py softmax|mlp|dropout EPOCHS
"""

import sys
import time

import torch

ROWS, PIXELS, CLASSES, BATCH = 60_000, 784, 10, 100
HIDDEN = {"softmax": [], "mlp": [256, 256], "dropout": [512, 512, 512, 512]}


def network(name):
    layers, width = [], PIXELS
    for units in HIDDEN[name]:
        layers += [torch.nn.Linear(width, units), torch.nn.ReLU()]
        if name == "dropout":
            layers.append(torch.nn.Dropout(0.3))
        width = units
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, CLASSES))


def main(name, epochs):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    x = torch.rand(ROWS, PIXELS) * (torch.rand(ROWS, PIXELS) < 0.2)
    y = torch.randint(CLASSES, (ROWS,))
    model = network(name)
    parameters = model.parameters()
    optimizer = torch.optim.SGD(parameters, 0.1) if name == "softmax" else torch.optim.Adam(parameters, 0.001)
    criterion = torch.nn.CrossEntropyLoss()
    seconds = []
    for _ in range(epochs + 1):
        start = time.perf_counter()
        order = torch.randperm(ROWS)
        loss_sum = 0.0
        for at in range(0, ROWS, BATCH):
            rows = order[at : at + BATCH]
            optimizer.zero_grad()
            loss = criterion(model(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            loss_sum += loss.item()
        seconds.append(time.perf_counter() - start)
    measured = sorted(seconds[1:])
    print(f"{name} {measured[len(measured) // 2]:.4f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
