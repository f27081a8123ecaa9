"""Stands for PyTorch in MLServer's Hugging Face runtime, whose pipeline runs on TensorFlow here."""


class Tensor:
    """No value is one."""


class device:
    """Where a model runs."""

    def __init__(self, *where):
        self.where = where


class cuda:
    """No GPU."""

    @staticmethod
    def is_available():
        return False


class backends:
    """No other accelerator."""

    class mps:
        """Apple's."""

        @staticmethod
        def is_available():
            return False
