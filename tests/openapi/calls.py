"""Calls each operation of the bookstore by the generated client, and prints the names of the operations
that worked, one a line. Usage: calls.py URL"""

import json
import sys
import uuid

import bookstore_rest as generated
from bookstore_rest.exceptions import ApiException

called = set()


class Recorded:
    """An API that records each call."""

    def __init__(self, api):
        self.api = api

    def __getattr__(self, name):
        def call(*arguments, **named):
            answer = getattr(self.api, name)(*arguments, **named)
            called.add(name)
            return answer

        return call


def fails(status, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except ApiException as error:
        problem = generated.Problem.from_json(error.body)
    else:
        raise AssertionError(f"no status {status}")
    assert problem.status == status
    return problem


def call_books(api):
    book = generated.Book(title="Emma", author="Jane Austen", publisher="John Murray", year=1815)
    made = api.create_book(book, idempotency_key=str(uuid.uuid4()))
    assert made.create_time.tzinfo
    second = api.create_book_with_post(book)
    assert api.get_book(made.id, read_mask="title").author is None
    assert api.get_book(made.id).year == 1815
    changed = book.model_copy(update={"year": 1816})
    assert api.upsert_book(made.id, changed, if_match=f'"{made.etag}"').year == 1816
    patch = generated.BookPatch(year=1817)
    assert fails(412, api.update_book, made.id, patch, if_match='"0"').reason == "ETAG_MISMATCH"
    assert api.update_book(made.id, patch).year == 1817
    assert api.list_books(filter=f'id = "{made.id}"', page_size=1).books[0].title == "Emma"
    requests = [generated.CreateBookInput(book=book)]
    (third,) = api.batch_create_books(generated.BatchCreateBooksInput(requests=requests)).books
    ids = [made.id, second.id, third.id]
    assert len(api.batch_get_books(ids=ids).books) == 3
    changes = [generated.UpdateBookInput(book=generated.BookPartial(id=each, year=1900)) for each in ids]
    answer = api.batch_update_books(generated.BatchUpdateBooksInput(requests=changes))
    assert [each.year for each in answer.books] == [1900] * 3
    lines = "".join(json.dumps(each) + "\n" for each in (book.to_dict(), book.to_dict() | {"year": 0}))
    imported = api.import_books(body=lines.encode())
    assert (imported.imported_count, imported.failed_count, imported.failures[0].position) == ("1", "1", "1")
    (line,) = api.export_books(filter=f'id = "{made.id}"').splitlines()
    assert generated.Book.from_json(line).id == made.id
    api.delete_book(second.id)
    deletions = [generated.DeleteBookInput(id=third.id)]
    api.batch_delete_books(generated.BatchDeleteBooksInput(requests=deletions))
    fails(404, api.get_book, third.id)
    return made


def call_reviews(api, book_id):
    review = generated.Review(book_id=book_id, reviewer="Ada", rate=5)
    made = api.create_review(review)
    second = api.create_review_with_post(review.model_copy(update={"review": "Good."}))
    short = generated.ReviewWithoutBookId(reviewer="Bo", rate=1)
    third = api.create_review_by_book_id(book_id, short)
    fourth = api.create_review_by_book_id_with_post(book_id, short)
    assert api.get_review(made.id).reviewer == "Ada"
    assert api.upsert_review(made.id, review.model_copy(update={"rate": 4})).rate == 4
    assert api.update_review(second.id, generated.ReviewPatch(review=None)).review is None
    assert len(api.list_reviews(book_id=str(book_id)).reviews) == 4
    assert api.list_reviews_by_book_id(book_id, order_by="rate desc").reviews[0].reviewer == "Ada"
    requests = [generated.CreateReviewInput(review=review)]
    (fifth,) = api.batch_create_reviews(generated.BatchCreateReviewsInput(requests=requests)).reviews
    assert len(api.batch_get_reviews(ids=[made.id, fifth.id]).reviews) == 2
    partial = generated.ReviewPartial(id=fifth.id, rate=3)
    change = generated.UpdateReviewInput(review=partial, update_mask="rate")
    answer = api.batch_update_reviews(generated.BatchUpdateReviewsInput(requests=[change]))
    assert answer.reviews[0].rate == 3
    assert api.import_reviews(body=review.to_json().encode()).imported_count == "1"
    assert len(api.export_reviews(filter=f'bookId = "{book_id}"').splitlines()) == 6
    api.delete_review(fourth.id)
    api.batch_delete_reviews(generated.BatchDeleteReviewsInput(ids=[third.id, fifth.id]))


def main():
    with generated.ApiClient(generated.Configuration(host=sys.argv[1])) as client:
        gateway = Recorded(generated.GatewayApi(client))
        assert gateway.get_health().status == "ok"
        assert gateway.get_readiness().status == "ok"
        assert "openapi" in gateway.get_open_api()
        assert "openapi" in gateway.get_open_api31()
        book = call_books(Recorded(generated.BookServiceApi(client)))
        call_reviews(Recorded(generated.ReviewServiceApi(client)), book.id)
    print("\n".join(sorted(called)))


if __name__ == "__main__":
    main()
