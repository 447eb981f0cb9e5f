# mypy: ignore-errors
"""`tf.contrib.layers.embed_sequence` on a graph variable; tf.keras.layers.Embedding would remove it."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.contrib_variable import contrib_model_variable


def contrib_embed_sequence(
    ids,
    vocab_size=None,
    embed_dim=None,
    unique=False,
    initializer=None,
    regularizer=None,
    trainable=True,
    scope=None,
    reuse=None,
):
    """`tf.contrib.layers.embed_sequence`; `unique` only spares memory."""
    with tf1.variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = [vocab_size, embed_dim] if vocab_size and embed_dim else None
        embeddings = contrib_model_variable(
            "embeddings", shape, initializer=initializer, regularizer=regularizer, trainable=trainable
        )
        return tf1.nn.embedding_lookup(embeddings, ids)
