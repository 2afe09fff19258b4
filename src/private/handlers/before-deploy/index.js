'use strict'; exports.handler = async () => undefined;
