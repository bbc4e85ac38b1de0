-- Load for wrk at a steady pace: GET /api/me with tokens drawn from a file, a pause before each request.
--
--   wrk … -s steady.lua URL -- HOST TOKENS MILLISECONDS
--
-- Prints the counts as one line of JSON.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local requests = {}
local pause = 0

function init(arguments)
    local head = "GET /api/me HTTP/1.1\r\nHost: " .. arguments[1] .. "\r\nAuthorization: Bearer "
    for token in io.lines(arguments[2]) do requests[#requests + 1] = head .. token .. "\r\n\r\n" end
    pause = tonumber(arguments[3])
    math.randomseed(os.time())
end

function delay() return pause end

function request() return requests[math.random(#requests)] end
