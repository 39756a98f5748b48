-- ListReviews: the first page of ten of a random book's reviews.
\set i random(1, :books)
\set digits 100000000000 + :i * 618033988747 % 900000000000
SELECT id, book_id, reviewer, rate, review, create_time, update_time FROM bookstore.review WHERE book_id = (:digits || '40008000000000000000')::uuid ORDER BY id LIMIT 10;
