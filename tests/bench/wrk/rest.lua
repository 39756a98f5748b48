-- REST load for wrk:
--   wrk ... -s rest.lua URL -- WARMUP get KEYS | create | list SIZE [TOKENS]
--   WARMUP  seconds at the beginning of wrk's duration that do not count
--   KEYS    file of "ID<TAB>TITLE" lines; books are read at random from it
--   TOKENS  file with a page token in each line; pages are read at random from it
--           (without it, the first page)
-- Requests are built before the measurement; the status and the content of every
-- response are checked. wrk does not report which request a response belongs to:
-- the response of a read must be a complete row of one of the requested books.
-- Prints one JSON object, as bench_load does; its times include the warm-up.

local ffi = require("ffi")
ffi.cdef [[
  struct timespec { long seconds; long nanoseconds; };
  int clock_gettime(int clock, struct timespec *time);
]]
local CLOCK_MONOTONIC = 1
local time = ffi.new("struct timespec")

local titles, requests, check, warmup = {}, {}, nil, 0
local threads = {}
-- Read by done() from each thread: the answers that count, from and until when.
calls, from, last = 0, 0, 0
wrong, example = 0, ""

local function now()
  ffi.C.clock_gettime(CLOCK_MONOTONIC, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

-- The book that bench_load creates; JSON may write its & in two ways.
local NEW_BOOK = '"title":"The Benchmark of Things","author":"A. Measure","publisher":"Yardstick '

-- Compares at fixed positions, because a pattern over a row of 16 KB is slow.
local function check_book(status, body)
  local title = titles[body:sub(8, 43)]
  if status ~= 200 or not title then return false end
  local begin = '","title":"' .. title .. '",'
  return body:sub(44, 43 + #begin) == begin and body:find('"etag":"%x+"}%s*$', -80) ~= nil
end

local function check_created(status, body)
  return status == 201 and body:find('^{"id":"%x+%-%x+%-%x+%-%x+%-%x+",') == 1
    and body:find(NEW_BOOK, 1, true) ~= nil
end

local function check_list(size)
  return function(status, body)
    local count, at = 0, 0
    repeat
      at = body:find('"id":"', at + 1, true)
      if at then count = count + 1 end
    until not at
    return status == 200 and count == size and body:find('"nextPageToken":"', 1, true) ~= nil
  end
end

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init(args)
  math.randomseed(os.time() * 1000 + number)
  warmup = tonumber(args[1])
  local kind, argument = args[2], args[3]
  if kind == "get" then
    for line in io.lines(argument) do
      local id, title = line:match("^(%S+)\t(.+)$")
      titles[id] = title
      -- Faster than wrk.format.
      requests[#requests + 1] = "GET /book/" .. id .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n\r\n"
    end
    check = check_book
  elseif kind == "create" then
    local headers = { ["Content-Type"] = "application/json" }
    requests[1] = wrk.format("PUT", "/book", headers, "{" .. NEW_BOOK .. '& Sons","year":1999}')
    check = check_created
  elseif kind == "list" then
    local path = "/book?pageSize=" .. argument
    if args[4] then
      for token in io.lines(args[4]) do
        requests[#requests + 1] = wrk.format("GET", path .. "&pageToken=" .. token)
      end
    else
      requests[1] = wrk.format("GET", path)
    end
    check = check_list(tonumber(argument))
  else
    error("get, create or list?")
  end
end

function request()
  return requests[math.random(#requests)]
end

function response(status, headers, body)
  last = now()
  if from == 0 then from = last + warmup end
  if last >= from then calls = calls + 1 end
  if not check(status, body) then
    wrong = wrong + 1
    example = status .. " " .. body:sub(1, 200)
  end
end

function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout
  local all, rate = 0, 0
  for _, thread in ipairs(threads) do
    local seconds = thread:get("last") - thread:get("from")
    all = all + thread:get("calls")
    if seconds > 0 then rate = rate + thread:get("calls") / seconds end
    errors = errors + thread:get("wrong")
    if thread:get("wrong") > 0 then io.stderr:write("wrong: ", thread:get("example"), "\n") end
  end
  io.write(string.format(
    '{"calls": %d, "rate": %.1f, "errors": %d, "p50_us": %.1f, "p99_us": %.1f, "max_us": %.1f}\n',
    all, rate, errors, latency:percentile(50), latency:percentile(99), latency.max))
end
