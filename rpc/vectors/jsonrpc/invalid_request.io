// An id that can be read is kept.
>> {"id":"x","method":"session.hello"}
<< {"jsonrpc":"2.0","id":"x","error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"a request has \"jsonrpc\": \"2.0\""}}}
>> {"jsonrpc":"2.0","id":2}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"a request has a \"method\", a string"}}}
>> {"jsonrpc":"2.0","id":true,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"an id is a string, a number or null, of at most 1000 characters"}}}
>> {"jsonrpc":"2.0","id":3,"method":"session.hello","params":7}
<< {"jsonrpc":"2.0","id":3,"error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"params are an object"}}}
// A misspelled member would be an option that is quietly lost.
>> {"jsonrpc":"2.0","id":4,"method":"report.daily","parms":{"since":"7d"}}
<< {"jsonrpc":"2.0","id":4,"error":{"code":-32600,"message":"Invalid request","data":{"kind":"invalidRequest","hint":"a request has jsonrpc, id, method and params, nothing else"}}}
