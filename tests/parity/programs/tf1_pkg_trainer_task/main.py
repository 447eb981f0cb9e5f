"""Cloud-style trainer: argparse task, HParams, csv Dataset input functions, train_and_evaluate (package trainer/)."""
import argparse
import os
import tempfile
import numpy as np
import tensorflow as tf
from trainer import featurizer, model


def run_experiment(hparams):
    train_input = lambda: featurizer.input_fn(hparams.train_files, num_epochs=None, batch_size=hparams.batch_size)
    eval_input = lambda: featurizer.input_fn(hparams.train_files, num_epochs=1, batch_size=12)
    train_spec = tf.estimator.TrainSpec(train_input, max_steps=hparams.train_steps)
    eval_spec = tf.estimator.EvalSpec(eval_input, steps=None, name='census-eval', start_delay_secs=0, throttle_secs=0)
    run_config = tf.estimator.RunConfig(model_dir=hparams.job_dir, save_summary_steps=100)
    estimator = tf.estimator.Estimator(model_fn=model.model_fn, params=hparams, config=run_config)
    metrics, _ = tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
    for key in ('accuracy', 'loss', 'mean_probability', 'global_step'):
        print('RESULT', key, metrics[key])
    predictions = [p['probability'] for p in estimator.predict(eval_input)]
    print('RESULT predictions', *predictions[:5])
    print('RESULT bias', *estimator.get_variable_value('deep/layer_0/bias'))


if __name__ == '__main__':
    folder = tempfile.mkdtemp()
    parser = argparse.ArgumentParser()
    parser.add_argument('--train-files', nargs='+', default=[os.path.join(folder, 'train.csv')])
    parser.add_argument('--job-dir', default=os.path.join(folder, 'job'))
    parser.add_argument('--train-steps', type=int, default=6)
    parser.add_argument('--batch-size', type=int, default=8)
    parser.add_argument('--learning-rate', type=float, default=0.05)
    parser.add_argument('--decay', type=float, default=0.8)
    parser.add_argument('--seed', type=int, default=4)
    args, _ = parser.parse_known_args()
    tf.logging.set_verbosity(tf.logging.ERROR)
    featurizer.create_csv(args.train_files[0], np.random.RandomState(12))
    hparams = tf.contrib.training.HParams(hidden_units=[5, 3], **args.__dict__)
    run_experiment(hparams)
