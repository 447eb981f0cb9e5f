# mypy: ignore-errors
"""The outputs that layers of tf.contrib.layers and slim leave in collections, by the names of their scopes."""

import tensorflow.compat.v1 as tf1


def contrib_collect_named_outputs(collections, alias, outputs):
    """`slim.utils.collect_named_outputs`: the outputs, in collections under an alias."""
    if collections:
        outputs.aliases = [*getattr(outputs, "aliases", []), alias.rstrip("/")]
        tf1.add_to_collections(collections, outputs)
    return outputs


def contrib_convert_collection_to_dict(collection, clear_collection=False):
    """`slim.utils.convert_collection_to_dict`: alias -> tensor, in the order of the collection."""
    found = {}
    for tensor in tf1.get_collection(collection):
        own = tensor.op.name if tensor.name.endswith(":0") else tensor.name
        for alias in getattr(tensor, "aliases", [own]):
            found[alias] = tensor
    if clear_collection:
        tf1.get_default_graph().clear_collection(collection)
    return found
