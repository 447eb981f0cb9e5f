"""Builds the models of a project, one builder after the other, and tries or compares each.

`purpose` of the request: "try" fits one batch of random data, saves, reloads; "compare" writes down for `verify`.
"""

import os
import sys
import tempfile

import numpy

from . import journal as journals
from . import keras_of, layers, modules, offline, record, settle

SAMPLES = 4
LENGTHS = (16, 64, 96, 128)
HERE = os.path.dirname(os.path.abspath(__file__))


def run(journal, request):
    packages = keras_of.load(journal, request["packages"])
    root = os.path.abspath(request["root"])
    if request["purpose"] == "compare":
        settle.apart()
        settle.in_order()
        settle.without_dropout()
    offline.cut_off()
    recorder = record.Recorder(journal, request["folder"], request["peer"], request)
    keras = packages[0] if packages else None
    for builder in request["builders"]:
        journal.write(event="begin", builder=builder["name"])
        settle.seed(request["seed"])
        stage = ["import"]
        try:
            one(journal, recorder, keras, builder, root, request["purpose"], stage)
        except Exception as error:
            told = journals.failure(error, sys.exc_info()[2], (HERE,), root)
            told.update(journals.kind(error), builder=builder["name"], stage=stage[0])
            journal.write(event="broke", **told)
        except SystemExit as error:
            text = "SystemExit: {}".format(error)
            journal.write(
                event="broke", builder=builder["name"], stage=stage[0], type="SystemExit", bases=[], module="",
                error=text, file="", line=0
            )  # fmt: skip
        journal.write(event="end", builder=builder["name"])
    recorder.finish()
    return 0


def one(journal, recorder, keras, builder, root, purpose, stage):
    modules.reach(root, builder["base"])
    if builder["kind"] == "file":
        saved(journal, keras, builder, root, stage)
        return
    if builder["kind"] == "module":
        path = os.path.join(root, builder["path"])
        module = modules.up_to_work(path, builder["module"])
        stage[0] = "build"
        found = []
        for _, value in sorted(vars(module).items(), key=lambda item: item[0]):
            if modules.is_model(value) and not any(value is one for one in found):
                found.append(value)
    else:
        module = modules.load(builder["module"])
        stage[0] = "arguments"
        given = {name: argument(value, module, keras) for name, value in builder["arguments"].items()}
        stage[0] = "build"
        found = modules.models_in(getattr(module, builder["attribute"])(**given))
    journal.write(event="built", builder=builder["name"], models=len(found))
    for number, model in enumerate(found):
        label = builder["name"] + ("[{}]".format(number) if len(found) > 1 else "")
        if purpose == "compare":
            compare(recorder, model, label, 100 * builder["place"] + number + 1, stage)
        else:
            attempt(journal, keras, model, builder["name"], label, root, stage)


def saved(journal, keras, builder, root, stage):
    """A model file: as it would be loaded today, else as the support code `load_model` does it."""
    stage[0] = "load"
    journal.write(event="file", builder=builder["name"], keras=written_by(os.path.join(root, builder["path"])))
    path = os.path.join(root, builder["path"])
    for name in builder["modules"]:  # their classes may be in it
        try:
            modules.load(name)
        except Exception:
            pass
    objects = modules.own_objects(root)
    try:
        found = keras.models.load_model(path, custom_objects=objects, compile=False)
        way = "keras"
    except Exception as error:
        if not builder["support"]:
            raise
        reason = journals.failure(error, None)["error"]
        module = {}
        with open(builder["support"]) as file_:
            exec(compile(file_.read(), builder["support"], "exec"), module)  # noqa: S102
        found = module["load_model"](path, custom_objects=objects, compile=False)
        way = "support"
        journal.write(event="otherwise", builder=builder["name"], reason=reason)
    stage[0] = "predict"
    outputs = layers.outputs(found, layers.made_up(found, SAMPLES))
    if not all(numpy.isfinite(row[2]).all() for row in outputs if row[1] == "output"):
        raise ArithmeticError("what it puts out is not finite")
    journal.write(event="built", builder=builder["name"], models=1, way=way)


def written_by(path):
    """The Keras that wrote a file: `1.2.2`, `2.2.4-tf` for that of TensorFlow, "" where it does not say."""
    try:
        import h5py

        with h5py.File(path, "r") as file_:
            version = file_.attrs.get("keras_version", b"1")
            return version.decode() if isinstance(version, bytes) else str(version)
    except (ImportError, IOError, OSError):
        return ""


def argument(value, module, keras):
    """An argument of the configuration: `=` in front of a text is an expression, evaluated in the module."""
    if isinstance(value, list):
        return tuple(argument(one, module, keras) for one in value)
    text = value if isinstance(value, str) or type(value).__name__ == "unicode" else None
    if text is not None and text.startswith("="):
        names = {"keras": keras, "np": numpy, "Input": keras.layers.Input}
        names.update(vars(module))
        return eval(text[1:], names)  # noqa: S307
    return value


def prepared(model):
    """(inputs, labels) for one batch; a model that was not compiled is, with a loss that takes any numbers."""
    if not modules.compiled(model):
        model.compile("sgd", "mse")
    inputs = layers.made_up(model, SAMPLES)
    return inputs, modules.labels(model, len(inputs[0]))


def single(values):
    return values if len(values) > 1 else values[0]


class NothingFits(Exception):
    """None of the lengths that were tried for an open shape fits the model's other inputs."""


def trained_once(model):
    """(inputs, what one step of training gave back); lengths that the model leaves open are tried in turn."""
    if not layers.is_open(model):
        inputs, labels = prepared(model)
        return inputs, model.train_on_batch(single(inputs), single(labels))
    for length in LENGTHS:
        layers.OPEN[0] = length
        try:
            inputs, labels = prepared(model)
            return inputs, model.train_on_batch(single(inputs), single(labels))
        except Exception as error:
            if not (isinstance(error, ValueError) or type(error).__name__ == "InvalidArgumentError"):
                raise
            told = error
    raise NothingFits("no length of {} for its open shapes: {}".format(LENGTHS, str(told).splitlines()[0][:200]))


def attempt(journal, keras, model, name, label, root, stage):
    stage[0] = "shapes"
    own = modules.compiled(model)
    if not layers.is_graph(model):
        journal.write(event="skipped", builder=name, label=label, stage="fit", reason="it declares no input shapes")
        return
    stage[0] = "fit"
    before = [numpy.array(one) for one in model.get_weights()]
    trained = len(model.trainable_weights)
    try:
        inputs, result = trained_once(model)
    except NothingFits as reason:
        journal.write(event="skipped", builder=name, label=label, stage="fit", reason=str(reason))
        return
    loss = float(numpy.asarray(result[0] if isinstance(result, (list, tuple)) else result))
    if loss != loss or abs(loss) == float("inf"):
        raise ArithmeticError("the loss of one batch of random data is {}".format(loss))
    after = model.get_weights()
    if trained and all((numpy.array(a) == b).all() for a, b in zip(after, before)) and loss:
        raise ArithmeticError("one training step left every weight as it was (loss {:.4g})".format(loss))
    journal.write(event="fitted", builder=name, label=label, loss=loss, own=own, trained=trained)
    stage[0] = "save"
    modern = hasattr(keras, "ops")
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "model.keras" if modern else "model.h5")
    model.save(path)
    stage[0] = "reload"
    more = {"safe_mode": False} if modern else {}
    again = keras.models.load_model(path, custom_objects=modules.own_objects(root), compile=False, **more)
    rows = layers.outputs(model, inputs), layers.outputs(again, inputs)
    ends = [[row[2] for row in side if row[1] == "output"] for side in rows]
    apart = max(float(abs(numpy.asarray(a) - numpy.asarray(b)).max()) for a, b in zip(*ends))
    if not apart < 1e-4:
        raise ArithmeticError("its outputs differ by {:.2g} after saving and loading".format(apart))
    journal.write(event="reloaded", builder=name, label=label)


def compare(recorder, model, label, number, stage):
    """One model for `verify`: weights, outputs of layers, and the losses of a few training steps."""
    stage[0] = "compare"
    entry = recorder.model(model, number)
    recorder.label(entry, label)
    recorder.meet(model, layers.made_up(model, SAMPLES) if layers.is_graph(model) else None, True)
    if not layers.is_graph(model):
        return
    stage[0] = "fit"
    inputs, labels = prepared(model)
    inputs, labels = recorder.same(entry, "inputs", inputs), recorder.same(entry, "labels", labels)
    recorder.busy = True
    try:
        for _ in range(3):
            result = model.train_on_batch(single(inputs), single(labels))
            loss = result[0] if isinstance(result, (list, tuple)) else result
            recorder.step(model, float(numpy.asarray(loss)), False)
    finally:
        recorder.busy = False
