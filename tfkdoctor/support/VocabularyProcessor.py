# mypy: ignore-errors
"""The text processors of tf.contrib.learn: from documents to rows of numbers. A file that the original's `save` wrote
holds its class: `restore` reads those of this one. tf.keras.layers.TextVectorization would remove it.
"""

import collections
import pickle
import re

import numpy as np
import tensorflow as tf

_WORDS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)


def learn_tokenizer(iterator):
    """`tf.contrib.learn.preprocessing.tokenizer`: the words of each text."""
    for value in iterator:
        yield _WORDS.findall(value)


class CategoricalVocabulary:
    """`tf.contrib.learn.preprocessing.CategoricalVocabulary`: a number for each word, 0 for those not known."""

    def __init__(self, unknown_token="<UNK>", support_reverse=True):
        self._unknown_token, self._support_reverse = unknown_token, support_reverse
        self._mapping, self._freq, self._freeze = {unknown_token: 0}, collections.defaultdict(int), False
        if support_reverse:
            self._reverse_mapping = [unknown_token]

    def __len__(self):
        return len(self._mapping)

    def freeze(self, freeze=True):
        """From now on new words are unknown ones."""
        self._freeze = freeze

    def get(self, category):
        """The number of a word; a new one is given to a new word."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._learn(category)
        return self._mapping[category]

    def _learn(self, category):
        self._mapping[category] = len(self._mapping)
        if self._support_reverse:
            self._reverse_mapping.append(category)

    def add(self, category, count=1):
        """Count a word."""
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency, max_frequency=-1):
        """Keep the words that came more often than `min_frequency`, the most frequent first."""
        ordered = sorted(self._freq.items(), key=lambda pair: (isinstance(pair[0], str), pair[0]))
        ordered = sorted(ordered, key=lambda pair: pair[1], reverse=True)
        self._mapping, kept = {self._unknown_token: 0}, 0
        if self._support_reverse:
            self._reverse_mapping = [self._unknown_token]
        for category, count in ordered:
            if max_frequency > 0 and count >= max_frequency:
                continue
            if count <= min_frequency:
                break
            self._learn(category)
            kept += 1
        self._freq = dict(ordered[:kept])

    def reverse(self, class_id):
        """The word of a number."""
        if not self._support_reverse:
            raise ValueError("This vocabulary wasn't initialized with support_reverse to support reverse() function.")
        return self._reverse_mapping[class_id]


class VocabularyProcessor:
    """`tf.contrib.learn.preprocessing.VocabularyProcessor`: rows of `max_document_length` numbers of words."""

    def __init__(self, max_document_length, min_frequency=0, vocabulary=None, tokenizer_fn=None):
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or learn_tokenizer

    def fit(self, raw_documents, unused_y=None):
        """Learn the words of some texts."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents, unused_y=None):
        """Learn the words, and give the numbers of the same texts."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents):
        """The numbers of the words of each text, with zeros behind."""
        for tokens in self._tokenizer(raw_documents):
            numbers = np.zeros(self.max_document_length, np.int64)
            for place, token in zip(range(self.max_document_length), tokens, strict=False):
                numbers[place] = self.vocabulary_.get(token)
            yield numbers

    def reverse(self, documents):
        """The texts of rows of numbers."""
        for document in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in document)

    def save(self, filename):
        """Write the processor to a file."""
        with tf.io.gfile.GFile(filename, "wb") as file:
            file.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename):
        """A processor from a file that `save` wrote."""
        with tf.io.gfile.GFile(filename, "rb") as file:
            return pickle.loads(file.read())
