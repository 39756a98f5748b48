-- REST load for wrk: wrk ... -s rest.lua URL -- get KEYS | put | list SIZE
--   KEYS  file of "ID<TAB>TITLE" lines; books are read at random from it
-- Requests are built before the clock runs; every answer is checked for its
-- status and content. wrk does not tell which request an answer belongs to:
-- that of a read must be a whole row of one of the books that are asked for.
-- Prints one JSON object, as bench_load does.

local titles, requests, check = {}, {}, nil
local threads = {}
-- Read by done() from each thread.
wrong, example = 0, ""

-- The book that bench_load creates; JSON may write its & in two ways.
local NEW_BOOK = '"title":"The Benchmark of Things","author":"A. Measure","publisher":"Yardstick '

local function check_book(status, body)
  local id, title = body:match('^{"id":"([^"]+)","title":"([^"]+)",.*"etag":"%x+"}%s*$')
  return status == 200 and id ~= nil and titles[id] == title
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
  if args[1] == "get" then
    for line in io.lines(args[2]) do
      local id, title = line:match("^(%S+)\t(.+)$")
      titles[id] = title
      -- Faster than wrk.format.
      requests[#requests + 1] = "GET /book/" .. id .. " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n\r\n"
    end
    check = check_book
  elseif args[1] == "put" then
    local headers = { ["Content-Type"] = "application/json" }
    requests[1] = wrk.format("PUT", "/book", headers, "{" .. NEW_BOOK .. '& Sons","year":1999}')
    check = check_created
  elseif args[1] == "list" then
    requests[1] = wrk.format("GET", "/book?pageSize=" .. args[2])
    check = check_list(tonumber(args[2]))
  else
    error("get, put or list?")
  end
end

function request()
  return requests[math.random(#requests)]
end

function response(status, headers, body)
  if not check(status, body) then
    wrong = wrong + 1
    example = status .. " " .. body:sub(1, 200)
  end
end

function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout
  for _, thread in ipairs(threads) do
    errors = errors + thread:get("wrong")
    if thread:get("wrong") > 0 then io.stderr:write("wrong: ", thread:get("example"), "\n") end
  end
  local seconds = summary.duration / 1e6
  io.write(string.format(
    '{"calls": %d, "seconds": %.3f, "rate": %.1f, "errors": %d, "p50_us": %.1f, "p99_us": %.1f, "max_us": %.1f}\n',
    summary.requests, seconds, summary.requests / seconds, errors,
    latency:percentile(50), latency:percentile(99), latency.max))
end
