"""One optimizer for several models, or for one whose layers are frozen and thawed, as Keras 1 and 2 allowed.

Each set of weights had averages of its own there, and all counted the same steps. An optimizer of Keras 3 knows the
weights that it was built with alone, and raises at others.
"""

import tensorflow as tf


def shared_optimizer(optimizer):  # type: ignore[no-untyped-def]
    """The same optimizer, for more than one set of weights; give each model an optimizer of its own to do without.

    Those count their steps apart, which makes another number of the first steps of Adam, and of a rate that decays.
    """
    optimizer = tf.keras.optimizers.get(optimizer)
    build, apply = optimizer.build, optimizer.apply
    of_a_set = ("_trainable_variables", "_trainable_variables_indices", "built")
    kept = {"apply", "build", *vars(optimizer)} - set(of_a_set)
    known, chosen = {}, []  # type: ignore[var-annotated]

    def choose(variables):  # type: ignore[no-untyped-def]
        key = tuple(map(id, variables))
        if chosen == [key]:
            return
        if chosen:
            known[chosen[0]] = {name: value for name, value in vars(optimizer).items() if name not in kept}
        chosen[:] = [key]
        if key in known:
            vars(optimizer).update(known[key])
            return
        optimizer.built, optimizer._trainable_variables_indices = False, {}
        with tf.init_scope():
            build(list(variables))

    def apply_to(grads, trainable_variables=None):  # type: ignore[no-untyped-def]
        if trainable_variables is not None:
            trainable_variables = list(trainable_variables)
            choose(trainable_variables)  # type: ignore[no-untyped-call]
        return apply(grads, trainable_variables)

    optimizer.build, optimizer.apply = choose, apply_to
    return optimizer
