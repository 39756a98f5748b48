-- Fails (division by zero) unless the key that get.sql makes is a book's.
\set i random(1, :books)
\set digits 100000000000 + :i * 618033988747 % 900000000000
SELECT 1 / count(*) FROM bookstore.book WHERE id = (:digits || '40008000000000000000')::uuid;
