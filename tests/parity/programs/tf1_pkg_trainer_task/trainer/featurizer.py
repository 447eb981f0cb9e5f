import tensorflow as tf

CSV_COLUMNS = ['age', 'workclass', 'hours', 'label']
CSV_DEFAULTS = [[0.0], [''], [0.0], [0]]
LABEL = 'label'


def create_csv(path, rng, rows=24):
    with tf.gfile.GFile(path, 'w') as f:
        for _ in range(rows):
            age, hours, cls = rng.randint(18, 70), rng.randint(5, 60), ['private', 'state', 'self'][rng.randint(3)]
            f.write('%d,%s,%d,%d\n' % (age, cls, hours, int(age + hours + 10 * (cls == 'self') > 82)))


def parse_csv(line):
    columns = tf.decode_csv(tf.expand_dims(line, -1), record_defaults=CSV_DEFAULTS)
    features = dict(zip(CSV_COLUMNS, columns))
    for key in ('age', 'hours'):
        features[key] = tf.squeeze(features[key], -1) / 50.0
    features['workclass'] = tf.squeeze(features['workclass'], -1)
    return features, tf.squeeze(features.pop(LABEL), -1)


def input_fn(filenames, num_epochs=None, batch_size=8):
    dataset = tf.data.TextLineDataset(filenames).map(parse_csv)
    return dataset.repeat(num_epochs).batch(batch_size)
