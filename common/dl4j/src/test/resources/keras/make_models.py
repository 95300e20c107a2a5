"""Makes the files of this folder: models that Keras saved, inputs, and Keras' own outputs.

Run with Python 3.11, tensorflow-cpu 2.21.0, keras 3.15.1 and h5py 3.14.0:

    python make_models.py

The keras2-*.h5 are saved by the copy of tf.keras 2 that TensorFlow has kept inside
(tensorflow.python.keras): Keras 2's own code and format. That copy has lost its version number; we
give it that of the last release that it was. The keras3-*.h5 are saved by Keras 3. Outputs are
those of model(inputs, training=False) in either.
"""

import json
import os
import pathlib
import shutil

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import h5py
import keras as keras3
import numpy as np
import tensorflow.python.keras as keras2
from tensorflow.python.keras import losses as losses2
from tensorflow.python.keras.layers import advanced_activations, convolutional, core, pooling

keras2.__version__ = "2.6.0"
HERE = pathlib.Path(__file__).parent
RANDOM = np.random.default_rng(4)


class Layers2:
    Input = staticmethod(lambda shape: keras2.Input(shape))
    Activation, Dense, Dropout, Flatten = core.Activation, core.Dense, core.Dropout, core.Flatten
    Lambda = core.Lambda
    LeakyReLU, ReLU = advanced_activations.LeakyReLU, advanced_activations.ReLU
    Conv2D, MaxPooling2D = convolutional.Conv2D, pooling.MaxPooling2D


def save(name, model, shape, loss, rows=5):
    """Saves the model with random weights and biases, and what it predicts."""
    model.set_weights([RANDOM.normal(0, 0.6, w.shape) for w in model.get_weights()])
    model.compile(optimizer="sgd", loss=loss)
    model.save(str(HERE / f"{name}.h5"), include_optimizer=True, **(
        {"save_format": "h5"} if name.startswith("keras2") else {}))
    x = RANDOM.normal(0, 1, (rows, *shape)).astype("float32")
    y = np.asarray(model(x, training=False))
    golden = {"inputs": x.reshape(rows, -1).tolist(), "outputs": y.tolist()}
    (HERE / f"{name}.json").write_text(json.dumps(golden) + "\n")


def models(prefix, keras, layers, logits_loss):
    def sequential(*stack):
        return keras.Sequential(list(stack))

    save(
        f"{prefix}-classifier",
        sequential(
            layers.Input((4,)),
            layers.Dense(7, activation="relu"),
            layers.Dropout(0.25),
            layers.Dense(6, activation="relu"),
            layers.Dropout(0.25),
            layers.Dense(3, activation="softmax"),
        ),
        (4,),
        "sparse_categorical_crossentropy",
    )
    save(
        f"{prefix}-regression",
        sequential(layers.Input((3,)), layers.Dense(5, activation="tanh"), layers.Dense(2)),
        (3,),
        "mse",
    )
    save(
        f"{prefix}-logits",
        sequential(
            layers.Input((3, 2)),
            layers.Flatten(),
            layers.Dense(5),
            layers.Activation("sigmoid"),
            layers.Dense(4),
        ),
        (3, 2),
        logits_loss,
    )
    save(
        f"{prefix}-leaky",
        sequential(layers.Input((3,)), layers.Dense(5), layers.LeakyReLU(0.01), layers.Dense(1)),
        (3,),
        "mae",
    )
    save(
        f"{prefix}-convolution",
        sequential(
            layers.Input((9, 8, 2)),
            layers.Conv2D(3, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(4, (2, 3), padding="same", strides=2),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(6, activation="tanh"),
            layers.Dense(3, activation="softmax"),
        ),
        (9, 8, 2),
        "categorical_crossentropy",
        rows=3,
    )


def refused():
    """Models that are not read."""
    layers = Layers2
    stack = [layers.Input((3,)), layers.Lambda(lambda x: x + 1), layers.Dense(2, activation="softmax")]
    keras2.Sequential(stack).save(str(HERE / "lambda.h5"), save_format="h5")
    inputs = keras2.Input((3,))
    hidden = layers.Dense(2, activation="softmax")(inputs)
    keras2.Model(inputs, hidden).save(str(HERE / "functional.h5"), save_format="h5")
    keras2.Sequential(stack[:1] + [layers.Dense(2)]).save_weights(str(HERE / "weights.h5"))
    binary = keras2.Sequential([layers.Input((3,)), layers.Dense(1, activation="sigmoid")])
    binary.compile(loss="binary_crossentropy")
    binary.save(str(HERE / "binary.h5"), save_format="h5")
    stack = [keras3.layers.Input((3,)), keras3.layers.Dense(2, activation="leaky_relu"), keras3.layers.Dense(1)]
    keras3.Sequential(stack).save(str(HERE / "slope.h5"))


def damaged():
    """The regression, spoiled."""
    for name in ("kernel", "missing", "claims"):
        shutil.copy(HERE / "keras2-regression.h5", HERE / f"{name}.h5")
        with h5py.File(HERE / f"{name}.h5", "r+") as file:
            layer = list(file["model_weights"])[0]
            if name == "kernel":
                weights = file[f"model_weights/{layer}/{layer}"]
                del weights["kernel:0"]
                weights["kernel:0"] = np.zeros((5, 3), "float32")
            elif name == "missing":
                del file[f"model_weights/{layer}"]
            else:
                config = file.attrs["model_config"].replace('"units": 5', '"units": 500000000')
                file.attrs["model_config"] = config


keras2.backend.clear_session()
models("keras2", keras2, Layers2, losses2.SparseCategoricalCrossentropy(from_logits=True))
models("keras3", keras3, keras3.layers, keras3.losses.SparseCategoricalCrossentropy(from_logits=True))
refused()
damaged()
