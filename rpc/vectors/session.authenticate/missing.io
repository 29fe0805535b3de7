// Without a token it is no attempt: the connection goes on.
>> {"jsonrpc":"2.0","id":1,"method":"session.authenticate"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"token takes the token that rpc.json tells"}}}
>> {"jsonrpc":"2.0","id":2,"method":"session.authenticate","params":{"token":7}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"invalidParams","hint":"token takes the token that rpc.json tells"}}}
>> {"jsonrpc":"2.0","id":3,"method":"session.authenticate","params":{"secret":"the token of rpc.json"}}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"Invalid params","data":{"kind":"unknownParams","hint":"unknown parameters: \"secret\"; known: token"}}}
