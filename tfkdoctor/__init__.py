"""tfkdoctor: the doctor for TensorFlow and Keras environments and code."""

__version__ = "0.1.0"
