// A peer's responses are ignored: nothing was asked.
>> {"jsonrpc":"2.0","id":1,"result":{}}
>> {"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}
