"""The cases, in the order in which they run: those that write come last. README.md explains the
floors and aims."""

from ..model import Case
from .distance import DISTANCE
from .growth import GROWTH
from .latency import LATENCY, MEMORY
from .reads import GET, LIST, REVIEWS
from .rest import REST_CREATE, REST_GET, REST_LIST
from .security import SECURITY
from .writes import CREATE, IMPORT, MIXED, UPDATE

CASES: tuple[Case, ...] = (
    GET,
    LIST,
    REVIEWS,
    REST_GET,
    REST_LIST,
    SECURITY,
    LATENCY,
    DISTANCE,
    UPDATE,
    CREATE,
    REST_CREATE,
    MIXED,
    IMPORT,
    MEMORY,
    *GROWTH,
)
