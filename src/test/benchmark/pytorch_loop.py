"""Trains one of the lecture's models with PyTorch on one thread and prints `MODEL SECONDS`:
the median seconds of an epoch over MNIST's 60,000 training rows, or random ones of their shape, after one epoch to warm up.

    python3 pytorch_loop.py softmax|mlp|dropout[:OPTIMIZER] EPOCHS DIRECTORY|random

OPTIMIZER is sgd, adam, adamw, rmsprop or adagrad with PyTorch's defaults; DIRECTORY holds MNIST's two training files.
"""

import pathlib
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


OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, 0.1),
    "adam": lambda parameters: torch.optim.Adam(parameters, 0.001),
    "adamw": lambda parameters: torch.optim.AdamW(parameters, 0.001),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, 0.001),
    "adagrad": lambda parameters: torch.optim.Adagrad(parameters, 0.001),
}


def random_rows():
    return torch.rand(ROWS, PIXELS) * (torch.rand(ROWS, PIXELS) < 0.2), torch.randint(CLASSES, (ROWS,))


def mnist_rows(directory):
    def items(name, header):
        return torch.frombuffer(bytearray(directory.joinpath(name).read_bytes()), dtype=torch.uint8, offset=header)

    pixels = items("train-images-idx3-ubyte", 16).reshape(ROWS, PIXELS)
    return pixels.float() / 255, items("train-labels-idx1-ubyte", 8).long()


def main(name, epochs, rows):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    x, y = random_rows() if rows == "random" else mnist_rows(pathlib.Path(rows))
    model_name, _, optimizer_name = name.partition(":")
    model = network(model_name)
    optimizer = OPTIMIZERS[optimizer_name or ("sgd" if model_name == "softmax" else "adam")](model.parameters())
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
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
