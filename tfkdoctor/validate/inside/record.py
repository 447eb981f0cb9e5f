"""Writes down what the models of a running program are and do; the second program is held against the first.

For each model in the order of its first use: its weights (the new side takes those of the old, once it has seen that
they are of the same kind), what every layer puts out for the first batch, the loss of each training step, and how far
each layer's weights moved until the end. Arrays lie in `modelN.npz` of the folder, everything else is an event.
"""

import io
import json
import os
import random
import sys

import numpy

from . import layers
from .align import pairs
from .journal import failure


class Enough(BaseException):
    """As many training steps as were asked for have been made."""


class Model(object):
    """One model, and what is known of it."""

    def __init__(self, model, number):
        self.model = model
        self.number = number
        self.synced = False
        self.seen = False
        self.start = {}
        self.steps = 0
        self.label = ""


class Recorder(object):
    def __init__(self, journal, folder, peer, options):
        self.journal = journal
        self.folder = folder
        self.peer = peer  # the folder of the old side; None on the old side itself
        self.limit = options.get("steps") or 0
        self.tolerance = options.get("tolerance", 1e-3)
        self.models = {}
        self.order = []
        self.known = {}
        self.steps = 0
        self.busy = False  # looking at a model: what that calls is not the program's
        self.depth = self.telling = 0  # inside a method, inside a callback's

    # -- models -------------------------------------------------------------------------------------------------

    def model(self, model, number=None):
        """The entry of a model; its number is that of its first use, where none is given."""
        if id(model) not in self.models:
            self.models[id(model)] = entry = Model(model, number or len(self.order) + 1)
            self.order.append(entry)
        return self.models[id(model)]

    def label(self, entry, label):
        """How a model is called in the report where it is no number."""
        entry.label = label

    def meet(self, model, batch=None, data=False):
        """A model is about to be used, `data`: on data; `batch` is what comes first, where that is known."""
        entry = self.model(model)
        if (entry.synced and (entry.seen or not data)) or self.busy:
            return
        self.busy = True
        chance = random.getstate(), numpy.random.get_state()
        try:
            self.look(entry, batch, data)
        except Exception as error:
            told = failure(error, sys.exc_info()[2])
            self.journal.write(event="unseen", model=entry.number, **told)
            entry.synced = entry.seen = True
        finally:
            random.setstate(chance[0])
            numpy.random.set_state(chance[1])
            self.busy = False

    def look(self, entry, batch, data):
        if not entry.synced:
            if not self.built(entry.model, batch):
                return
            entry.synced = True
            self.journal.write(
                event="model",
                model=entry.number,
                name=getattr(entry.model, "name", ""),
                kind=type(entry.model).__name__,
                label=entry.label,
                layers=len(layers.leaves(entry.model)),
                weights=int(sum(one.size for row in layers.weighted(entry.model) for one in row[2])),
            )
            if self.peer is None:
                self.keep_weights(entry)
            else:
                self.take_weights(entry)
            for name, layer, arrays in layers.weighted(entry.model):
                self.known[id(layer)] = layer
                entry.start[name] = [one.copy() for one in arrays]
        given = batch is not None
        if data and not given and layers.is_graph(entry.model):
            batch = layers.made_up(entry.model)
        if data and batch is not None and not entry.seen:
            entry.seen = True
            if self.peer is None:
                self.keep_outputs(entry, batch, given)
            else:
                self.hold_outputs(entry, batch, given)

    def built(self, model, batch):
        """Whether the weights of a model exist; one that waits for its first batch is called with it."""
        if layers.is_graph(model):
            return True
        if batch is None:
            return bool(layers.weighted(model)) and getattr(model, "built", False)
        if layers.generation(model) == 1:
            build = getattr(model, "_set_inputs", None)
            if build is not None and not getattr(model, "inputs", None):
                build(batch if len(batch) > 1 else batch[0])
        else:
            layers.called(model, batch)
        return True

    # -- the old side keeps, the new side compares ------------------------------------------------------------------

    def keep_weights(self, entry):
        rows = layers.weighted(entry.model)
        arrays = {}
        for place, (_, _, weights) in enumerate(rows):
            for index, weight in enumerate(weights):
                arrays["{}_{}".format(place, index)] = weight
        self.save(entry, "weights", arrays)
        self.note(entry, "weights", [self.row(name, layer, weights) for name, layer, weights in rows])

    def row(self, name, layer, weights):
        return {
            "name": name,
            "kind": layers.kind(layer),
            "count": len(weights),
            "known": id(layer) in self.known,
            "trainable": len(getattr(layer, "trainable_weights", ())),
        }

    def take_weights(self, entry):
        """Give the new model the old one's weights, layer by layer; say where they do not fit or begin otherwise."""
        told, arrays = self.told(entry, "weights"), self.load(entry, "weights")
        rows = layers.weighted(entry.model)
        if told is None:
            self.differ(entry, "structure", old="no such model", new=type(entry.model).__name__)
            return
        partner = pairs([row["kind"] for row in told], [layers.kind(layer) for _, layer, _ in rows])
        for place, row in enumerate(told):
            weights = [arrays["{}_{}".format(place, index)] for index in range(row["count"])]
            if place not in partner:
                self.differ(entry, "structure", layer=row["name"], old=shapes(weights), new="no such layer")
                continue
            name, layer, own = rows[partner[place]]
            fitting = layers.converted(layer, weights)
            if fitting is None:
                self.differ(
                    entry, "weights", layer=row["name"], other=name, old=shapes(weights), new=shapes(own), why="shape"
                )
                continue
            if id(layer) in self.known:
                self.hold_movement(entry, row["name"], name, fitting, own, "before")
                continue
            self.hold_start(entry, row["name"], name, fitting, own)
            layer.set_weights(fitting)
        for place, (name, _, own) in enumerate(rows):
            if place not in partner.values():
                self.differ(entry, "structure", layer=name, old="no such layer", new=shapes(own))

    def hold_start(self, entry, old_name, name, old, own):
        """Initial weights come from the same distribution: constants are equal, of many numbers the spread is."""
        for index, (a, b) in enumerate(zip(old, own)):
            a, b = numpy.asarray(a, "float64"), numpy.asarray(b, "float64")
            if not a.size:
                continue
            flat = a.min() == a.max(), b.min() == b.max()
            if a.size > 1 and flat[0] != flat[1] or all(flat) and abs(a.flat[0] - b.flat[0]) > 1e-6:
                same = False
            else:
                same = a.size < 400 or abs(a.std() - b.std()) <= 0.2 * max(a.std(), b.std())
            if not same:
                self.differ(
                    entry, "start", layer=old_name, other=name, weight=index, old=described(a), new=described(b)
                )

    def keep_outputs(self, entry, batch, given):
        before = layers.states(entry.model)
        rows = layers.outputs(entry.model, batch)
        restore(before)
        arrays = {"in_{}".format(number): one for number, one in enumerate(batch)}
        arrays.update(("out_{}".format(number), layers.sample(array)) for number, (_, _, array) in enumerate(rows))
        self.save(entry, "outputs", arrays)
        told = [{"name": n, "kind": k, "shape": list(numpy.shape(a))} for n, k, a in rows]
        self.note(entry, "outputs", {"inputs": len(batch), "given": given, "rows": told})

    def hold_outputs(self, entry, batch, given):
        told, arrays = self.told(entry, "outputs"), self.load(entry, "outputs")
        if told is None:
            return
        expected = [arrays["in_{}".format(number)] for number in range(told["inputs"])]
        if not (given and told["given"]):
            pass
        elif [one.shape for one in expected] != [numpy.shape(one) for one in batch]:
            self.differ(entry, "inputs", old=shapes(expected), new=shapes(batch))
        else:
            for number, (a, b) in enumerate(zip(expected, batch)):
                self.hold(entry, "inputs", "input {}".format(number + 1), "", a, b, 1e-6)
        before = layers.states(entry.model)
        rows = layers.outputs(entry.model, expected)
        restore(before)
        partner = pairs([row["kind"] for row in told["rows"]], [kind for _, kind, _ in rows])
        for place, row in enumerate(told["rows"]):
            if place not in partner:
                continue
            name, _, array = rows[partner[place]]
            if list(numpy.shape(array)) != row["shape"]:
                if numpy.size(array) != numpy.prod(row["shape"]) or row["kind"] == "output":
                    self.differ(
                        entry, "layer", layer=row["name"], other=name, old=row["shape"], new=list(numpy.shape(array))
                    )
                continue
            old = arrays["out_{}".format(place)]
            self.hold(entry, "layer", row["name"], name, old, layers.sample(array), self.tolerance / 10)

    def hold(self, entry, what, old_name, name, old, new, relative):
        """Compare two arrays: equal within `relative` of the largest number of the old one."""
        a, b = numpy.asarray(old), numpy.asarray(new)
        if a.dtype.kind not in "fiub" or b.dtype.kind not in "fiub":
            return
        a, b = a.astype("float64").reshape(-1), b.astype("float64").reshape(-1)
        finite = numpy.isfinite(a)
        scale = float(abs(a[finite]).max()) if finite.any() else 0.0
        apart = numpy.where((a == b) | (numpy.isnan(a) & numpy.isnan(b)), 0.0, abs(a - b))
        apart = numpy.where(numpy.isnan(apart), numpy.inf, apart)
        at = int(apart.argmax()) if apart.size else 0
        worst = float(apart[at]) if apart.size else 0.0
        self.journal.write(
            event="held",
            what=what,
            model=entry.number,
            layer=old_name,
            other=name,
            ok=worst <= relative * scale + 1e-6,
            apart=worst,
            scale=scale,
            at=at,
            old=float(a[at]) if a.size else 0.0,
            new=float(b[at]) if b.size else 0.0,
        )

    def differ(self, entry, what, **more):
        self.journal.write(event="differs", what=what, model=entry.number, **more)

    # -- training ---------------------------------------------------------------------------------------------------

    def step(self, model, loss, running, batch=None, size=None):
        """One training step; `running`: the loss is the mean over the epoch so far."""
        entry = self.model(model)
        entry.steps += 1
        self.steps += 1
        self.journal.write(
            event="step", model=entry.number, step=entry.steps, loss=loss, running=running, batch=batch, size=size
        )
        if self.limit and self.steps >= self.limit:
            raise Enough()

    def finish(self):
        """At the end: how far the weights of every layer have moved."""
        for entry in self.order:
            if not entry.start:
                continue
            try:
                self.finish_model(entry)
            except Exception as error:
                self.journal.write(event="unseen", model=entry.number, **failure(error, sys.exc_info()[2]))

    def finish_model(self, entry):
        rows = [row for row in layers.weighted(entry.model) if row[0] in entry.start]
        if self.peer is None:
            kept = {}
            for place, (name, _, own) in enumerate(rows):
                for index, weight in enumerate(own):
                    kept["{}_{}".format(place, index)] = weight
                    kept["start_{}_{}".format(place, index)] = entry.start[name][index]
            self.save(entry, "end", kept)
            self.note(entry, "end", [self.row(name, layer, own) for name, layer, own in rows])
            return
        told, arrays = self.told(entry, "end"), self.load(entry, "end")
        if told is None:
            return
        partner = pairs([row["kind"] for row in told], [layers.kind(layer) for _, layer, _ in rows])
        for place, row in enumerate(told):
            if place not in partner:
                continue
            name, layer, own = rows[partner[place]]
            ends, starts = (
                layers.converted(layer, [arrays[head + "{}_{}".format(place, n)] for n in range(row["count"])])
                for head in ("", "start_")
            )
            if ends is not None:
                old = numpy.sqrt(sum(norm(a, b) for a, b in zip(ends, starts)))
                new = numpy.sqrt(sum(norm(a, b) for a, b in zip(own, entry.start[name])))
                self.journal.write(
                    event="moved", model=entry.number, layer=row["name"], other=name, old=float(old), new=float(new)
                )

    def hold_movement(self, entry, old_name, name, old, own, when):
        """Weights that an earlier model of the program has already trained."""
        start = next((e.start[n] for e in self.order for n in e.start if n == name), None)
        if start is None or [one.shape for one in start] != [numpy.shape(one) for one in own]:
            return
        moved = [numpy.sqrt(sum(norm(a, b) for a, b in zip(side, start))) for side in (old, own)]
        self.journal.write(
            event="moved", model=entry.number, layer=old_name, other=name, old=float(moved[0]), new=float(moved[1])
        )

    # -- files ------------------------------------------------------------------------------------------------------

    def path(self, folder, entry, what, ending):
        return os.path.join(folder, "model{}.{}.{}".format(entry.number, what, ending))

    def save(self, entry, what, arrays):
        numpy.savez(self.path(self.folder, entry, what, "npz"), **arrays)

    def load(self, entry, what):
        path = self.path(self.peer, entry, what, "npz")
        return numpy.load(path) if os.path.exists(path) else {}

    def same(self, entry, what, arrays):
        """Arrays that both sides use: those that the old side made."""
        if self.peer is None:
            self.save(entry, "given_" + what, {"{}".format(number): one for number, one in enumerate(arrays)})
            return arrays
        kept = self.load(entry, "given_" + what)
        return [kept[str(number)] for number in range(len(arrays))] if kept else arrays

    def note(self, entry, what, value):
        with io.open(self.path(self.folder, entry, what, "json"), "w", encoding="utf-8") as file_:
            text = json.dumps(value)
            file_.write(text if not isinstance(text, bytes) else text.decode("ascii"))

    def told(self, entry, what):
        path = self.path(self.peer, entry, what, "json")
        if not os.path.exists(path):
            return None
        with io.open(path, encoding="utf-8") as file_:
            return json.load(file_)


def norm(a, b):
    return float(((numpy.asarray(a, "float64") - numpy.asarray(b, "float64")) ** 2).sum())


def shapes(arrays):
    return ", ".join(str(tuple(int(n) for n in numpy.shape(one))) for one in arrays)


def described(array):
    if array.min() == array.max():
        return "all {:g}".format(float(array.flat[0]))
    return "mean {:.3g}, spread {:.3g}".format(float(array.mean()), float(array.std()))


def restore(before):
    for variable, value in before:
        variable.assign(value)
