"""The cases, in the order in which they run: those that write come last. Floors and aims are what
the project asks of itself; README.md explains them."""

from ..model import Case
from .distance import DISTANCE
from .latency import LATENCY, MEMORY
from .reads import GET, LIST, REVIEWS
from .rest import REST_GET, REST_PUT
from .writes import CREATE, IMPORT, MIXED, UPDATE

CASES: tuple[Case, ...] = (
    GET,
    LIST,
    REVIEWS,
    REST_GET,
    LATENCY,
    DISTANCE,
    UPDATE,
    CREATE,
    REST_PUT,
    MIXED,
    IMPORT,
    MEMORY,
)
