# settings
MAX_LEN = 8
EMBEDDING_DIM = 5
NB_FILTER = 4
FILTER_LENGTH = 3
TRAIN = dict(nb_epoch=3, batch_size=5, verbose=0, shuffle=False)
CONV = {'border_mode': 'same', 'activation': 'relu', 'subsample_length': 1}
