"""Examples of collections and images for the OpenAPI document."""

from datetime import UTC, datetime

from entrepot.http.documents_collections import CollectionDocument
from entrepot.http.documents_images import ImageDocument, ImagesDocument
from entrepot.http.links import Link, path_to, path_to_collection
from entrepot_core.collection import image_path
from entrepot_core.names import Digest

DIGEST = Digest("0b7f4f3d5f1c9a2be8e0f6f0c1d2a3b4958677665544332211ffeeddccbbaa00")
_SERVER = "https://api.example.com"
_HERE = path_to("datasets", "cars", "images")

ITEM = {
    "id": 1,
    "title": "Fiat 500",
    "description": "Small, red, loved.",
    "image": f"{_SERVER}{image_path(DIGEST)}",
}
BARE_ITEM = {"id": 2, "title": "Audi 80", "description": "Its picture could not be fetched.", "image": None}
COLLECTIONS = [
    CollectionDocument(
        name="cars",
        title="Cars",
        description="What stands in our showroom.",
        tags=("cars",),
        rows=2,
        updated_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        href=f"{_SERVER}{path_to_collection('cars')}",
        images=("image",),
    )
]
COLLECTION = [ITEM, BARE_ITEM]
ON_MOBILE = {**ITEM, "image": f"{_SERVER}{image_path(DIGEST, 'mobile')}"}

IMAGES = ImagesDocument(
    items=(
        ImageDocument(
            row=1,
            column="image",
            text="https://pictures.example.com/fiat-500.jpg",
            state="stored",
            path=image_path(DIGEST),
            media_type="image/jpeg",
            width=1600,
            height=1067,
            size=214_301,
            url=f"{_SERVER}{image_path(DIGEST)}",
        ),
        ImageDocument(
            row=2,
            column="image",
            text="https://pictures.example.com/audi-80.jpg",
            state="failed",
            problem="The server answered 404 Not Found.",
            url=None,
        ),
    ),
    columns=("image",),
    stored=1,
    failed=1,
    pending=0,
    total=2,
    limit=100,
    offset=0,
    next_url=None,
    links={"self": Link(_HERE), "first": Link(_HERE), "dataset": Link(path_to("datasets", "cars"))},
)
