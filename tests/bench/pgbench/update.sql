-- UpdateBook: another year for a random book.
\set i random(1, :books)
\set digits 100000000000 + :i * 618033988747 % 900000000000
\set year random(1500, 2024)
UPDATE bookstore.book SET year = :year, update_time = greatest(clock_timestamp(), update_time + interval '1 microsecond') WHERE id = (:digits || '40008000000000000000')::uuid;
