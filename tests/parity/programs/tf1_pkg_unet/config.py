class Config(object):
    image_size = 8
    channels = 1
    n_class = 2
    root_filters = 4
    learning_rate = 0.02
    momentum = 0.8
    decay_steps = 2
    decay_rate = 0.9
    steps = 5
    class_weights = [0.3, 0.7]

    def __str__(self):
        return ', '.join('%s=%s' % (k, getattr(self, k)) for k in sorted(dir(self)) if not k.startswith('_'))
