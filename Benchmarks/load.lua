-- Load for wrk: GET of one path, with or without a bearer token drawn from a file of one token a line.
--
--   wrk … -s load.lua URL -- PATH HOST [TOKENS [FIRST]]
--
-- Builds all requests before the run, so that the load core only picks one. With `FIRST`, a number from 0,
-- tokens are sent in turn from that one on, for warming a cache. Prints the counts as one line of JSON.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local requests = {}
local next_in_turn = nil

function init(arguments)
    local path, host, tokens, first = arguments[1], arguments[2], arguments[3], arguments[4]
    local head = "GET " .. path .. " HTTP/1.1\r\nHost: " .. host .. "\r\n"
    if tokens then
        for token in io.lines(tokens) do
            requests[#requests + 1] = head .. "Authorization: Bearer " .. token .. "\r\n\r\n"
        end
    else
        requests[1] = head .. "\r\n"
    end
    if first then next_in_turn = tonumber(first) end
    math.randomseed(os.time())
    -- Allocates nothing from here on.
    collectgarbage("collect")
    collectgarbage("stop")
end

function request()
    if next_in_turn then
        next_in_turn = next_in_turn % #requests + 1
        return requests[next_in_turn]
    end
    return requests[math.random(#requests)]
end
