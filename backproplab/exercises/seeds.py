"""Which variant a student gets: a hash of the course's key, the student and the question. Nothing has to be stored."""
from __future__ import annotations

import hashlib
import hmac


def variant_seed(course_key: bytes, student: str, question: str) -> str:
    """The seed of one student's variant of one question; who does not have the course's key cannot tell it.

    Parameters
    ----------
    course_key : bytes
        The course's secret, kept by the instructor.
    student : str
        As the roster names them.
    question : str
        The question's id.

    Returns
    -------
    str
        16 hexadecimal digits, the same on every machine.

    Examples
    --------
    >>> variant_seed(b"our course", "ann", "forks") == variant_seed(b"our course", "ann", "forks")
    True
    >>> variant_seed(b"our course", "ann", "forks") == variant_seed(b"our course", "bob", "forks")
    False
    """
    text = "\x1f".join((student, question)).encode("utf-8", "surrogatepass")
    return hmac.new(course_key, text, hashlib.sha256).hexdigest()[:16]


def fingerprint(course_key: bytes) -> str:
    """What tells one course's key from another and nothing else of it: it stands in the notebooks that were released with it.

    Parameters
    ----------
    course_key : bytes

    Returns
    -------
    str
        8 hexadecimal digits.
    """
    return hmac.new(course_key, b"which key this is", hashlib.sha256).hexdigest()[:8]
