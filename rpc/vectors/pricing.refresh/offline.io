// Where the network is not to be used, nobody can ask for it.
>> {"jsonrpc":"2.0","id":1,"method":"pricing.refresh"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"Prices not refreshed","data":{"kind":"offline","hint":"`offline` is set, so no network is used"}}}
