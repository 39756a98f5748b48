-- GetBook: one book by its key (see sql/load.sql for how a key is made).
\set i random(1, :books)
\set digits 100000000000 + :i * 618033988747 % 900000000000
SELECT id, title, author, publisher, year, create_time, update_time FROM bookstore.book WHERE id = (:digits || '40008000000000000000')::uuid;
