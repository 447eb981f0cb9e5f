# mypy: ignore-errors
"""`tf.python_io.TFRecordCompressionType`: tf.io.TFRecordOptions takes the names of the kinds themselves."""


class TFRecordCompressionType:
    """How a file of records is compressed."""

    NONE = ""
    ZLIB = "ZLIB"
    GZIP = "GZIP"
