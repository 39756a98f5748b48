-- The rows of filter_verdicts.txt: 1 has every default, 2 and 3 ordinary values,
-- 4 to 6 values that no rule would let through, written past the server.
TRUNCATE types.sample, types."order";
INSERT INTO types."order"(code,"user") VALUES ('A1','u1'),('B2',NULL);
INSERT INTO types.sample(id) VALUES ('00000000-0000-7000-8000-000000000001');
INSERT INTO types.sample(id,i32,opt_i32,text,opt_text,order_code,labels,part,counts,taken_time,effort,origin,opt_origin,flag,opt_flag,real,precise,data) VALUES ('00000000-0000-7000-8000-000000000002',5,5,'abc','abc','A1','{x,ab}','{"name":"x","share":0.5,"seenTime":"2026-01-02T03:04:05.500Z"}','{"red":5,"zero":0}','2012-04-21 15:30:00+00','1.5 s',1,2,true,false,0.1,2.5,'\x00ff');
INSERT INTO types.sample(id,i32,opt_i32,text,opt_text,order_code,part,parts,precise,opt_precise,by_number,price,due_date) VALUES ('00000000-0000-7000-8000-000000000003',-5,-5,'ab*','','B2','{}','[{"name":"x"},{"name":"y","parts":[{"share":"Infinity"}]}]','NaN','NaN','{"7":{"name":"seven","parts":[{"name":"p"}]},"8":{}}','{"currencyCode":"EUR","units":"9223372036854775807","nanos":5}','2026-01-31');
INSERT INTO types.sample(id,text,part,parts,counts,opt_text,effort,precise,real) VALUES ('00000000-0000-7000-8000-000000000004',U&'\+10FFFF\+10FFFFz','{"name":5,"share":"junk","seenTime":7,"parts":{"a":1}}','[1,"x",null,{"name":null},{"parts":5}]','{"red":"5x","blue":"12345678901234567890123"}','Zürich','-1 day','Infinity','-Infinity');
INSERT INTO types.sample(id,part,counts,by_number,price,text,opt_precise,labels,wrapped_i32,note) VALUES ('00000000-0000-7000-8000-000000000005',NULL,'{"red":[1],"big":1e300}','{"7":"text"}',NULL,'a%b_c\d',1e308,'{"a%b",""}',0,'');
INSERT INTO types.sample(id,part,parts,opt_i32,text,wrapped_i32,code) VALUES ('00000000-0000-7000-8000-000000000006','{"share":1e400}','[{"share":1e-400,"parts":[{"name":"deep","parts":[{"share":1}]}]}]',0,'ABC',7,0);
