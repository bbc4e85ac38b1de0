-- Load for wrk: POST /api/tokens, each request for a new token.
--
--   wrk … -s create.lua URL -- HOST TOKEN
--
-- TOKEN must hold `tokens:write` and `tokens:read`. Prints the counts as one line of JSON.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local message

function init(arguments)
    local body = '{"name":"benchmark","scopes":["tokens:read"],"expires_at":null}'
    message = "POST /api/tokens HTTP/1.1\r\nHost: " .. arguments[1] .. "\r\nAuthorization: Bearer " .. arguments[2]
        .. "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function request()
    return message
end
