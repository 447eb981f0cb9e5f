"""Object-based checkpoints in eager mode: model, optimizer and step are saved and restored."""
import os
import tempfile

import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
rng = np.random.RandomState(7)
x = tf.constant(rng.randn(16, 3), tf.float32)
y = tf.constant(rng.randn(16, 2), tf.float32)


def make():
    model = tf.keras.Sequential([
        tf.keras.layers.Dense(4, activation=tf.nn.elu, input_shape=(3,), kernel_initializer=tf.constant_initializer(0.2)),
        tf.keras.layers.Dense(2, kernel_initializer=tf.constant_initializer([[.1, .2], [.3, -.4], [.5, .6], [-.7, .8]]))])
    optimizer = tf.train.AdamOptimizer(learning_rate=0.05)
    step = tf.train.get_or_create_global_step()
    checkpoint = tf.train.Checkpoint(optimizer=optimizer, model=model, optimizer_step=step)
    return model, optimizer, step, checkpoint


def train(model, optimizer, step, times):
    for _ in range(times):
        with tf.GradientTape() as tape:
            loss = tf.losses.mean_squared_error(labels=y, predictions=model(x))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables), global_step=step)
        print('RESULT step', step.numpy(), loss.numpy())


folder = tempfile.mkdtemp()
model, optimizer, step, checkpoint = make()
train(model, optimizer, step, 3)
path = checkpoint.save(file_prefix=os.path.join(folder, 'ckpt'))
print('RESULT saved', os.path.basename(path), os.path.basename(tf.train.latest_checkpoint(folder)))
train(model, optimizer, step, 2)
checkpoint.restore(tf.train.latest_checkpoint(folder))
print('RESULT restored', step.numpy(), *model.trainable_variables[1].numpy())
train(model, optimizer, step, 2)

other, optimizer, step, checkpoint = make()
step.assign(0)
status = checkpoint.restore(path)
train(other, optimizer, step, 2)
manager = tf.train.CheckpointManager(checkpoint, folder, max_to_keep=2)
for _ in range(3):
    manager.save()
print('RESULT manager', os.path.basename(manager.latest_checkpoint), len(manager.checkpoints))
state = tf.train.get_checkpoint_state(folder)
print('RESULT state', os.path.basename(state.model_checkpoint_path), len(state.all_model_checkpoint_paths))
print('RESULT shapes', len(tf.train.list_variables(path)) > 4)
