import re
import numpy as np

POSITIVE = ["a truly great film", "great acting and a great plot", "i loved it", "wonderful , wonderful movie"]
NEGATIVE = ["a terrible film", "bad acting and no plot", "i hated every minute of it", "boring movie"]


def clean_str(string):
    string = re.sub(r"[^A-Za-z0-9(),!?\'\`]", " ", string)
    string = re.sub(r",", " , ", string)
    string = re.sub(r"\s{2,}", " ", string)
    return string.strip().lower()


def load_data_and_labels():
    x_text = [clean_str(s) for s in POSITIVE + NEGATIVE]
    y = np.concatenate([[[0, 1] for _ in POSITIVE], [[1, 0] for _ in NEGATIVE]], 0)
    return x_text, y


class VocabularyProcessor(object):
    def __init__(self, max_document_length):
        self.max_document_length = max_document_length
        self.vocabulary = {'<UNK>': 0}

    def fit_transform(self, texts):
        for text in texts:
            for token in text.split():
                self.vocabulary.setdefault(token, len(self.vocabulary))
        out = np.zeros((len(texts), self.max_document_length), np.int32)
        for i, text in enumerate(texts):
            for j, token in enumerate(text.split()[:self.max_document_length]):
                out[i, j] = self.vocabulary[token]
        return out


def batch_iter(data, batch_size, num_epochs):
    data = np.array(data, dtype=object)
    per_epoch = int((len(data) - 1) / batch_size) + 1
    for _ in range(num_epochs):
        for b in range(per_epoch):
            yield data[b * batch_size:min((b + 1) * batch_size, len(data))]
