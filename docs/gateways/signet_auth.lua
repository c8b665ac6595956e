-- Asks Signet whether a request may pass:   http-request lua.signet_auth ADDRESS:PORT
--
-- Sets txn.signet_status to the status of the answer, and txn.signet_user on a 200. Neither is set
-- when there was no answer, so the configuration has to insist on 200.

local TIMEOUT = 1000 -- milliseconds; HAProxy tries four times before it gives up

local function only(values)
    if values == nil or values[0] == nil or values[1] ~= nil then
        return nil
    end
    return values[0]
end

core.register_action("signet_auth", {"http-req"}, function(txn, address)
    local headers = {host = {"signet"}}
    local token = only(txn.http:req_get_headers()["authorization"])
    if token ~= nil then
        headers["authorization"] = {token}
    end

    local answer = core.httpclient():get({
        url = "http://" .. address .. "/api/v1/auth",
        headers = headers,
        timeout = TIMEOUT,
    })
    if answer == nil or answer.status == nil or answer.status == 0 then
        return
    end

    local user = answer.headers and only(answer.headers["x-user"])
    if answer.status == 200 and (user == nil or user == "") then
        return -- a yes that does not say to whom
    end
    txn:set_var("txn.signet_status", answer.status)
    if answer.status == 200 then
        txn:set_var("txn.signet_user", user)
    end
end, 1)
