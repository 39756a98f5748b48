-- CreateBook: a new book, the one that bench_load creates.
INSERT INTO bookstore.book (id, title, author, publisher, year) VALUES (gen_random_uuid(), 'The Benchmark of Things', 'A. Measure', 'Yardstick & Sons', 1999);
