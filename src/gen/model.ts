/*
 * Generated from schemas/model.proto by scripts/generate.ts; do not edit.
 * SPDX-License-Identifier: MIT
 */
// The static code of protobufjs-cli is plain JavaScript; the declarations after it are what other modules see.
// @ts-nocheck
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["bimonn"] || ($protobuf.roots["bimonn"] = {});

const bimonn = $root.bimonn = (() => {

    const bimonn = {};

    bimonn.v1 = (function() {

        const v1 = {};

        v1.Model = (function() {

            const Model = function (properties) {
                this.layers = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Model.prototype.formatVersion = 0;
            Model.prototype.name = "";
            Model.prototype.input = null;
            Model.prototype.provenance = null;
            Model.prototype.layerCount = 0;
            Model.prototype.layers = $util.emptyArray;

            Model.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.formatVersion != null && $Object.hasOwnProperty.call(message, "formatVersion") && message.formatVersion !== 0)
                    writer.uint32(8).uint32(message.formatVersion);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(18).string(message.name);
                if (message.input != null && $Object.hasOwnProperty.call(message, "input"))
                    $root.bimonn.v1.Input.encode(message.input, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.provenance != null && $Object.hasOwnProperty.call(message, "provenance"))
                    $root.bimonn.v1.Provenance.encode(message.provenance, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.layerCount != null && $Object.hasOwnProperty.call(message, "layerCount") && message.layerCount !== 0)
                    writer.uint32(40).uint32(message.layerCount);
                if (message.layers != null && message.layers.length)
                    for (let i = 0; i < message.layers.length; ++i)
                        $root.bimonn.v1.Layer.encode(message.layers[i], writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Model.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Model();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.formatVersion = value;
                            else
                                delete message.formatVersion;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.input = $root.bimonn.v1.Input.decode(reader, reader.size(), $undefined, _depth + 1, message.input);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.provenance = $root.bimonn.v1.Provenance.decode(reader, reader.size(), $undefined, _depth + 1, message.provenance);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.layerCount = value;
                            else
                                delete message.layerCount;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.layers && message.layers.length))
                                message.layers = [];
                            message.layers.push($root.bimonn.v1.Layer.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Model;
        })();

        v1.Input = (function() {

            const Input = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Input.prototype.channels = 0;
            Input.prototype.height = 0;
            Input.prototype.width = 0;
            Input.prototype.binary = null;
            Input.prototype.levelSets = null;
            Input.prototype.complements = false;

            let $oneOfFields;

            $Object.defineProperty(Input.prototype, "encoding", {
                get: $util.oneOfGetter($oneOfFields = ["binary", "levelSets"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Input.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.channels != null && $Object.hasOwnProperty.call(message, "channels") && message.channels !== 0)
                    writer.uint32(8).int32(message.channels);
                if (message.height != null && $Object.hasOwnProperty.call(message, "height") && message.height !== 0)
                    writer.uint32(16).int32(message.height);
                if (message.width != null && $Object.hasOwnProperty.call(message, "width") && message.width !== 0)
                    writer.uint32(24).int32(message.width);
                if (message.binary != null && $Object.hasOwnProperty.call(message, "binary"))
                    $root.bimonn.v1.BinaryEncoding.encode(message.binary, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.levelSets != null && $Object.hasOwnProperty.call(message, "levelSets"))
                    $root.bimonn.v1.LevelSetEncoding.encode(message.levelSets, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.complements != null && $Object.hasOwnProperty.call(message, "complements") && message.complements !== false)
                    writer.uint32(48).bool(message.complements);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Input.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Input();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.channels = value;
                            else
                                delete message.channels;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.height = value;
                            else
                                delete message.height;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.width = value;
                            else
                                delete message.width;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.binary = $root.bimonn.v1.BinaryEncoding.decode(reader, reader.size(), $undefined, _depth + 1, message.binary);
                            message.encoding = "binary";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.levelSets = $root.bimonn.v1.LevelSetEncoding.decode(reader, reader.size(), $undefined, _depth + 1, message.levelSets);
                            message.encoding = "levelSets";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.complements = value;
                            else
                                delete message.complements;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Input;
        })();

        v1.BinaryEncoding = (function() {

            const BinaryEncoding = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            BinaryEncoding.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            BinaryEncoding.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.BinaryEncoding();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BinaryEncoding;
        })();

        v1.LevelSetEncoding = (function() {

            const LevelSetEncoding = function (properties) {
                this.channels = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            LevelSetEncoding.prototype.grayMinimum = 0;
            LevelSetEncoding.prototype.grayMaximum = 0;
            LevelSetEncoding.prototype.channels = $util.emptyArray;

            LevelSetEncoding.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.grayMinimum != null && $Object.hasOwnProperty.call(message, "grayMinimum") && !$Object.is(message.grayMinimum, 0))
                    writer.uint32(9).double(message.grayMinimum);
                if (message.grayMaximum != null && $Object.hasOwnProperty.call(message, "grayMaximum") && !$Object.is(message.grayMaximum, 0))
                    writer.uint32(17).double(message.grayMaximum);
                if (message.channels != null && message.channels.length)
                    for (let i = 0; i < message.channels.length; ++i)
                        $root.bimonn.v1.LevelSetValues.encode(message.channels[i], writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            LevelSetEncoding.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.LevelSetEncoding();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.grayMinimum = value;
                            else
                                delete message.grayMinimum;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.grayMaximum = value;
                            else
                                delete message.grayMaximum;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.channels && message.channels.length))
                                message.channels = [];
                            message.channels.push($root.bimonn.v1.LevelSetValues.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LevelSetEncoding;
        })();

        v1.LevelSetValues = (function() {

            const LevelSetValues = function (properties) {
                this.values = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            LevelSetValues.prototype.values = $util.emptyArray;

            LevelSetValues.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.values != null && message.values.length)
                    writer.uint32(10).doubles(message.values);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            LevelSetValues.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.LevelSetValues();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.values && message.values.length))
                                    message.values = [];
                                reader.doubles(message.values);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.values && message.values.length))
                                message.values = [];
                            message.values.push(reader.double());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LevelSetValues;
        })();

        v1.Layer = (function() {

            const Layer = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Layer.prototype.bisel = null;
            Layer.prototype.denseLui = null;
            Layer.prototype.maxPool = null;
            Layer.prototype.flatten = null;
            Layer.prototype.readout = null;

            let $oneOfFields;

            $Object.defineProperty(Layer.prototype, "kind", {
                get: $util.oneOfGetter($oneOfFields = ["bisel", "denseLui", "maxPool", "flatten", "readout"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Layer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.bisel != null && $Object.hasOwnProperty.call(message, "bisel"))
                    $root.bimonn.v1.Bisel.encode(message.bisel, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.denseLui != null && $Object.hasOwnProperty.call(message, "denseLui"))
                    $root.bimonn.v1.DenseLui.encode(message.denseLui, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.maxPool != null && $Object.hasOwnProperty.call(message, "maxPool"))
                    $root.bimonn.v1.MaxPool.encode(message.maxPool, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.flatten != null && $Object.hasOwnProperty.call(message, "flatten"))
                    $root.bimonn.v1.Flatten.encode(message.flatten, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.readout != null && $Object.hasOwnProperty.call(message, "readout"))
                    $root.bimonn.v1.Readout.encode(message.readout, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Layer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Layer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.bisel = $root.bimonn.v1.Bisel.decode(reader, reader.size(), $undefined, _depth + 1, message.bisel);
                            message.kind = "bisel";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.denseLui = $root.bimonn.v1.DenseLui.decode(reader, reader.size(), $undefined, _depth + 1, message.denseLui);
                            message.kind = "denseLui";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.maxPool = $root.bimonn.v1.MaxPool.decode(reader, reader.size(), $undefined, _depth + 1, message.maxPool);
                            message.kind = "maxPool";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.flatten = $root.bimonn.v1.Flatten.decode(reader, reader.size(), $undefined, _depth + 1, message.flatten);
                            message.kind = "flatten";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.readout = $root.bimonn.v1.Readout.decode(reader, reader.size(), $undefined, _depth + 1, message.readout);
                            message.kind = "readout";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Layer;
        })();

        v1.Bisel = (function() {

            const Bisel = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Bisel.prototype.inChannels = 0;
            Bisel.prototype.outChannels = 0;
            Bisel.prototype.kernelHeight = 0;
            Bisel.prototype.kernelWidth = 0;
            Bisel.prototype.paddingRows = 0;
            Bisel.prototype.paddingColumns = 0;
            Bisel.prototype.paddingMode = 0;
            Bisel.prototype.bise = null;
            Bisel.prototype.lui = null;

            Bisel.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.inChannels != null && $Object.hasOwnProperty.call(message, "inChannels") && message.inChannels !== 0)
                    writer.uint32(8).int32(message.inChannels);
                if (message.outChannels != null && $Object.hasOwnProperty.call(message, "outChannels") && message.outChannels !== 0)
                    writer.uint32(16).int32(message.outChannels);
                if (message.kernelHeight != null && $Object.hasOwnProperty.call(message, "kernelHeight") && message.kernelHeight !== 0)
                    writer.uint32(24).int32(message.kernelHeight);
                if (message.kernelWidth != null && $Object.hasOwnProperty.call(message, "kernelWidth") && message.kernelWidth !== 0)
                    writer.uint32(32).int32(message.kernelWidth);
                if (message.paddingRows != null && $Object.hasOwnProperty.call(message, "paddingRows") && message.paddingRows !== 0)
                    writer.uint32(40).int32(message.paddingRows);
                if (message.paddingColumns != null && $Object.hasOwnProperty.call(message, "paddingColumns") && message.paddingColumns !== 0)
                    writer.uint32(48).int32(message.paddingColumns);
                if (message.paddingMode != null && $Object.hasOwnProperty.call(message, "paddingMode") && message.paddingMode !== 0)
                    writer.uint32(56).int32(message.paddingMode);
                if (message.bise != null && $Object.hasOwnProperty.call(message, "bise"))
                    $root.bimonn.v1.NeuronBank.encode(message.bise, writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.lui != null && $Object.hasOwnProperty.call(message, "lui"))
                    $root.bimonn.v1.NeuronBank.encode(message.lui, writer.uint32(74).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Bisel.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Bisel();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.inChannels = value;
                            else
                                delete message.inChannels;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.outChannels = value;
                            else
                                delete message.outChannels;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kernelHeight = value;
                            else
                                delete message.kernelHeight;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kernelWidth = value;
                            else
                                delete message.kernelWidth;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.paddingRows = value;
                            else
                                delete message.paddingRows;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.paddingColumns = value;
                            else
                                delete message.paddingColumns;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.paddingMode = value;
                            else
                                delete message.paddingMode;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.bise = $root.bimonn.v1.NeuronBank.decode(reader, reader.size(), $undefined, _depth + 1, message.bise);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.lui = $root.bimonn.v1.NeuronBank.decode(reader, reader.size(), $undefined, _depth + 1, message.lui);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Bisel;
        })();

        v1.DenseLui = (function() {

            const DenseLui = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DenseLui.prototype.inFeatures = 0;
            DenseLui.prototype.outFeatures = 0;
            DenseLui.prototype.lui = null;

            DenseLui.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.inFeatures != null && $Object.hasOwnProperty.call(message, "inFeatures") && message.inFeatures !== 0)
                    writer.uint32(8).int32(message.inFeatures);
                if (message.outFeatures != null && $Object.hasOwnProperty.call(message, "outFeatures") && message.outFeatures !== 0)
                    writer.uint32(16).int32(message.outFeatures);
                if (message.lui != null && $Object.hasOwnProperty.call(message, "lui"))
                    $root.bimonn.v1.NeuronBank.encode(message.lui, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DenseLui.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.DenseLui();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.inFeatures = value;
                            else
                                delete message.inFeatures;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.outFeatures = value;
                            else
                                delete message.outFeatures;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.lui = $root.bimonn.v1.NeuronBank.decode(reader, reader.size(), $undefined, _depth + 1, message.lui);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DenseLui;
        })();

        v1.MaxPool = (function() {

            const MaxPool = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            MaxPool.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            MaxPool.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.MaxPool();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return MaxPool;
        })();

        v1.Flatten = (function() {

            const Flatten = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Flatten.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Flatten.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Flatten();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Flatten;
        })();

        v1.Readout = (function() {

            const Readout = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Readout.prototype.inFeatures = 0;
            Readout.prototype.classes = 0;
            Readout.prototype.bank = null;

            Readout.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.inFeatures != null && $Object.hasOwnProperty.call(message, "inFeatures") && message.inFeatures !== 0)
                    writer.uint32(8).int32(message.inFeatures);
                if (message.classes != null && $Object.hasOwnProperty.call(message, "classes") && message.classes !== 0)
                    writer.uint32(16).int32(message.classes);
                if (message.bank != null && $Object.hasOwnProperty.call(message, "bank"))
                    $root.bimonn.v1.NeuronBank.encode(message.bank, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Readout.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Readout();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.inFeatures = value;
                            else
                                delete message.inFeatures;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.classes = value;
                            else
                                delete message.classes;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.bank = $root.bimonn.v1.NeuronBank.decode(reader, reader.size(), $undefined, _depth + 1, message.bank);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Readout;
        })();

        v1.NeuronBank = (function() {

            const NeuronBank = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            NeuronBank.prototype.weights = null;
            NeuronBank.prototype.biases = null;
            NeuronBank.prototype.scales = null;
            NeuronBank.prototype.activation = 0;
            NeuronBank.prototype.raw = null;

            NeuronBank.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.weights != null && $Object.hasOwnProperty.call(message, "weights"))
                    $root.bimonn.v1.Tensor.encode(message.weights, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.biases != null && $Object.hasOwnProperty.call(message, "biases"))
                    $root.bimonn.v1.Tensor.encode(message.biases, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.scales != null && $Object.hasOwnProperty.call(message, "scales"))
                    $root.bimonn.v1.Tensor.encode(message.scales, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.activation != null && $Object.hasOwnProperty.call(message, "activation") && message.activation !== 0)
                    writer.uint32(32).int32(message.activation);
                if (message.raw != null && $Object.hasOwnProperty.call(message, "raw"))
                    $root.bimonn.v1.RawParameters.encode(message.raw, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            NeuronBank.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.NeuronBank();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.weights = $root.bimonn.v1.Tensor.decode(reader, reader.size(), $undefined, _depth + 1, message.weights);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.biases = $root.bimonn.v1.Tensor.decode(reader, reader.size(), $undefined, _depth + 1, message.biases);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.scales = $root.bimonn.v1.Tensor.decode(reader, reader.size(), $undefined, _depth + 1, message.scales);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.activation = value;
                            else
                                delete message.activation;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.raw = $root.bimonn.v1.RawParameters.decode(reader, reader.size(), $undefined, _depth + 1, message.raw);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NeuronBank;
        })();

        v1.Activation = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "ACTIVATION_UNSPECIFIED"] = 0;
            values[valuesById[1] = "ACTIVATION_TANH"] = 1;
            values[valuesById[2] = "ACTIVATION_SIGMOID"] = 2;
            values[valuesById[3] = "ACTIVATION_ERF"] = 3;
            values[valuesById[4] = "ACTIVATION_ARCTAN"] = 4;
            values[valuesById[5] = "ACTIVATION_STEP"] = 5;
            values[valuesById[6] = "ACTIVATION_IDENTITY"] = 6;
            return values;
        })();

        v1.PaddingMode = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "PADDING_MODE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "PADDING_MODE_REPLICATE"] = 1;
            values[valuesById[2] = "PADDING_MODE_ZEROS"] = 2;
            return values;
        })();

        v1.Tensor = (function() {

            const Tensor = function (properties) {
                this.shape = [];
                this.values = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Tensor.prototype.shape = $util.emptyArray;
            Tensor.prototype.data = $util.newBuffer([]);
            Tensor.prototype.values = $util.emptyArray;

            Tensor.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.shape != null && message.shape.length)
                    writer.uint32(10).uint32s(message.shape);
                if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                    writer.uint32(18).bytes(message.data);
                if (message.values != null && message.values.length)
                    writer.uint32(26).floats(message.values);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Tensor.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Tensor();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.shape && message.shape.length))
                                    message.shape = [];
                                reader.uint32s(message.shape);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.shape && message.shape.length))
                                message.shape = [];
                            message.shape.push(reader.uint32());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.data = value;
                            else
                                delete message.data;
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.values && message.values.length))
                                    message.values = [];
                                reader.floats(message.values);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.values && message.values.length))
                                message.values = [];
                            message.values.push(reader.float());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Tensor;
        })();

        v1.RawParameters = (function() {

            const RawParameters = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RawParameters.prototype.weightParametrisation = "";
            RawParameters.prototype.biasParametrisation = "";
            RawParameters.prototype.weightFactor = 0;
            RawParameters.prototype.biasOffset = 0;
            RawParameters.prototype.weights = null;
            RawParameters.prototype.biases = null;

            RawParameters.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.weightParametrisation != null && $Object.hasOwnProperty.call(message, "weightParametrisation") && message.weightParametrisation !== "")
                    writer.uint32(10).string(message.weightParametrisation);
                if (message.biasParametrisation != null && $Object.hasOwnProperty.call(message, "biasParametrisation") && message.biasParametrisation !== "")
                    writer.uint32(18).string(message.biasParametrisation);
                if (message.weightFactor != null && $Object.hasOwnProperty.call(message, "weightFactor") && !$Object.is(message.weightFactor, 0))
                    writer.uint32(25).double(message.weightFactor);
                if (message.biasOffset != null && $Object.hasOwnProperty.call(message, "biasOffset") && !$Object.is(message.biasOffset, 0))
                    writer.uint32(33).double(message.biasOffset);
                if (message.weights != null && $Object.hasOwnProperty.call(message, "weights"))
                    $root.bimonn.v1.Tensor.encode(message.weights, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.biases != null && $Object.hasOwnProperty.call(message, "biases"))
                    $root.bimonn.v1.Tensor.encode(message.biases, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RawParameters.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.RawParameters();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.weightParametrisation = value;
                            else
                                delete message.weightParametrisation;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.biasParametrisation = value;
                            else
                                delete message.biasParametrisation;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.weightFactor = value;
                            else
                                delete message.weightFactor;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.biasOffset = value;
                            else
                                delete message.biasOffset;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.weights = $root.bimonn.v1.Tensor.decode(reader, reader.size(), $undefined, _depth + 1, message.weights);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.biases = $root.bimonn.v1.Tensor.decode(reader, reader.size(), $undefined, _depth + 1, message.biases);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RawParameters;
        })();

        v1.Provenance = (function() {

            const Provenance = function (properties) {
                this.metrics = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Provenance.prototype.tool = "";
            Provenance.prototype.dataSet = "";
            Provenance.prototype.seed = "";
            Provenance.prototype.notes = "";
            Provenance.prototype.metrics = $util.emptyArray;

            Provenance.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tool != null && $Object.hasOwnProperty.call(message, "tool") && message.tool !== "")
                    writer.uint32(10).string(message.tool);
                if (message.dataSet != null && $Object.hasOwnProperty.call(message, "dataSet") && message.dataSet !== "")
                    writer.uint32(18).string(message.dataSet);
                if (message.seed != null && $Object.hasOwnProperty.call(message, "seed") && message.seed !== "")
                    writer.uint32(26).string(message.seed);
                if (message.notes != null && $Object.hasOwnProperty.call(message, "notes") && message.notes !== "")
                    writer.uint32(34).string(message.notes);
                if (message.metrics != null && message.metrics.length)
                    for (let i = 0; i < message.metrics.length; ++i)
                        $root.bimonn.v1.Metric.encode(message.metrics[i], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Provenance.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Provenance();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tool = value;
                            else
                                delete message.tool;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.dataSet = value;
                            else
                                delete message.dataSet;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.seed = value;
                            else
                                delete message.seed;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.notes = value;
                            else
                                delete message.notes;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.metrics && message.metrics.length))
                                message.metrics = [];
                            message.metrics.push($root.bimonn.v1.Metric.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Provenance;
        })();

        v1.Metric = (function() {

            const Metric = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Metric.prototype.name = "";
            Metric.prototype.value = 0;

            Metric.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && !$Object.is(message.value, 0))
                    writer.uint32(17).double(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Metric.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bimonn.v1.Metric();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Metric;
        })();

        return v1;
    })();

    return bimonn;
})();

/** Writes and reads one message; `decode` throws an Error on bytes that are no such message. */
export interface Codec<Message> {
  encode(message: Message, writer?: $protobuf.Writer): $protobuf.Writer;
  decode(reader: $protobuf.Reader | Uint8Array, length?: number): Message;
}

/** The function xi of a neuron. */
export const Activation = {
  /** Refused. */
  ACTIVATION_UNSPECIFIED: 0,
  /** tanh(u) / 2 + 1 / 2 */
  ACTIVATION_TANH: 1,
  /** 1 / (1 + exp(-u)) */
  ACTIVATION_SIGMOID: 2,
  /** erf(u) / 2 + 1 / 2 */
  ACTIVATION_ERF: 3,
  /** arctan(u) / pi + 1 / 2 */
  ACTIVATION_ARCTAN: 4,
  /** 1 where u > 0, else 0 */
  ACTIVATION_STEP: 5,
  /** u; in read-outs only */
  ACTIVATION_IDENTITY: 6,
} as const;

/** What a kernel reads outside the frame. */
export const PaddingMode = {
  /** Refused. */
  PADDING_MODE_UNSPECIFIED: 0,
  /** The nearest pixel of the frame. */
  PADDING_MODE_REPLICATE: 1,
  /** 0. */
  PADDING_MODE_ZEROS: 2,
} as const;

export interface Model {
  /** Version of this format: 1. Other versions are refused. */
  readonly formatVersion?: number | null;
  /** A C identifier of 1 to 63 characters that begins with a letter; the names of the generated code begin with it. */
  readonly name?: string | null;
  readonly input?: Input | null;
  readonly provenance?: Provenance | null;
  /** Number of layers, so that a file cut short between two layers is noticed; 0 when the writer does not say. */
  readonly layerCount?: number | null;
  /** First to last, 1 to 256 of them. */
  readonly layers?: readonly Layer[] | null;
}

/** What the network reads. */
export interface Input {
  /** Channels of the picture, 1 to 4096. */
  readonly channels?: number | null;
  /** Pixels, 1 to 65535; 0 when any height is accepted. */
  readonly height?: number | null;
  /** Pixels, 1 to 65535; 0 when any width is accepted. */
  readonly width?: number | null;
  readonly binary?: BinaryEncoding | null;
  readonly levelSets?: LevelSetEncoding | null;
  /** The first layer sees the complement of each binary plane, in the same order, after all the planes. */
  readonly complements?: boolean | null;
}

/** The picture's samples are 0 and 1: one plane for each channel. */
export interface BinaryEncoding {
}

/**
 * A gray sample x of channel c becomes the planes x >= channels[c].values[k], channel-major. A stored byte s stands for
 * the gray value gray_minimum + s * (gray_maximum - gray_minimum) / 255.
 */
export interface LevelSetEncoding {
  readonly grayMinimum?: number | null;
  readonly grayMaximum?: number | null;
  /** One entry for each channel of the picture. */
  readonly channels?: readonly LevelSetValues[] | null;
}

/** 1 to 256 gray values, increasing, from gray_minimum to gray_maximum. */
export interface LevelSetValues {
  readonly values?: readonly number[] | null;
}

export interface Layer {
  readonly bisel?: Bisel | null;
  readonly denseLui?: DenseLui | null;
  readonly maxPool?: MaxPool | null;
  readonly flatten?: Flatten | null;
  readonly readout?: Readout | null;
}

/**
 * Layer of binary structuring elements. Neuron i * out_channels + j of `bise` reads input channel i; neuron j of `lui`
 * joins the in_channels neurons of output channel j, in the order of i.
 */
export interface Bisel {
  /** 1 to 4096. */
  readonly inChannels?: number | null;
  /** 1 to 4096. */
  readonly outChannels?: number | null;
  /** Rows, 1 to 255. Kernel position s is read at p + s - floor(size / 2). */
  readonly kernelHeight?: number | null;
  /** Columns, 1 to 255. */
  readonly kernelWidth?: number | null;
  /** Rows added above and below: floor(kernel_height / 2), so that the output has the input's size. */
  readonly paddingRows?: number | null;
  /** Columns added on the left and right: floor(kernel_width / 2). */
  readonly paddingColumns?: number | null;
  readonly paddingMode?: number | null;
  /** in_channels * out_channels neurons, weights of shape [neurons, kernel_height, kernel_width]. */
  readonly bise?: NeuronBank | null;
  /** out_channels neurons, weights of shape [out_channels, in_channels]; left out when in_channels is 1. */
  readonly lui?: NeuronBank | null;
}

/** Fully connected layer of unions and intersections on a vector. */
export interface DenseLui {
  /** 1 to 2^20. */
  readonly inFeatures?: number | null;
  /** 1 to 2^20. */
  readonly outFeatures?: number | null;
  /** out_features neurons, weights of shape [out_features, in_features]. */
  readonly lui?: NeuronBank | null;
}

/** Maximum over disjoint 2x2 squares; an odd last row or column is dropped. */
export interface MaxPool {
}

/** Channels to one vector, in the order (channel, row, column). */
export interface Flatten {
}

/** Real-valued last layer: one score for each class; the class is the first arg max. */
export interface Readout {
  /** 1 to 2^20. */
  readonly inFeatures?: number | null;
  /** 1 to 2^20. */
  readonly classes?: number | null;
  /** One neuron for each class, weights of shape [classes, in_features]; any activation but step. */
  readonly bank?: NeuronBank | null;
}

/** Neurons that share a shape and an activation. */
export interface NeuronBank {
  /** W, dimensionless. */
  readonly weights?: Tensor | null;
  /** B as it is subtracted, shape [neurons]. */
  readonly biases?: Tensor | null;
  /** P, shape [neurons]; negative complements the neuron, 0 makes it constant. */
  readonly scales?: Tensor | null;
  readonly activation?: number | null;
  /** Trained parameters behind the effective ones, so that training can resume. */
  readonly raw?: RawParameters | null;
}

/** Finite float32 numbers, row-major. One of `data` and `values` is set. */
export interface Tensor {
  /** Sizes, outermost first; may be left out where the layer gives them. */
  readonly shape?: readonly number[] | null;
  /** Little-endian float32. */
  readonly data?: Uint8Array | null;
  /** The same numbers one by one, for models written by hand. */
  readonly values?: readonly number[] | null;
}

/** Parameters that were trained, of the same number as the effective ones. */
export interface RawParameters {
  /** For instance `softplus`, `dual` or `raw`. */
  readonly weightParametrisation?: string | null;
  /** For instance `softplus`, `projected`, `reparametrised` or `raw`. */
  readonly biasParametrisation?: string | null;
  /** Factor of the dual parametrisation. */
  readonly weightFactor?: number | null;
  /** Number added to the bias. */
  readonly biasOffset?: number | null;
  readonly weights?: Tensor | null;
  readonly biases?: Tensor | null;
}

/** Where the network comes from. */
export interface Provenance {
  /** Program and version that wrote the model. */
  readonly tool?: string | null;
  readonly dataSet?: string | null;
  readonly seed?: string | null;
  readonly notes?: string | null;
  /** At most 4096 of them. */
  readonly metrics?: readonly Metric[] | null;
}

export interface Metric {
  /** For instance `test DICE`. */
  readonly name?: string | null;
  readonly value?: number | null;
}

export const Model: Codec<Model> = bimonn.v1.Model;

/** How a field is written in both forms of the format. */
export interface FieldDescriptor {
  readonly id: number;
  readonly protoName: string;
  readonly kind: "scalar" | "enum" | "message";
  /** Scalar type, or the name of the enum or message. */
  readonly type: string;
  readonly repeated: boolean;
}

/** The fields of every message by their JSON name, in the order of the schema. */
export const MESSAGES: Readonly<Record<string, Readonly<Record<string, FieldDescriptor>>>> = {
  Model: {
    formatVersion: {"id":1,"protoName":"format_version","kind":"scalar","type":"uint32","repeated":false},
    name: {"id":2,"protoName":"name","kind":"scalar","type":"string","repeated":false},
    input: {"id":3,"protoName":"input","kind":"message","type":"Input","repeated":false},
    provenance: {"id":4,"protoName":"provenance","kind":"message","type":"Provenance","repeated":false},
    layerCount: {"id":5,"protoName":"layer_count","kind":"scalar","type":"uint32","repeated":false},
    layers: {"id":6,"protoName":"layers","kind":"message","type":"Layer","repeated":true},
  },
  Input: {
    channels: {"id":1,"protoName":"channels","kind":"scalar","type":"int32","repeated":false},
    height: {"id":2,"protoName":"height","kind":"scalar","type":"int32","repeated":false},
    width: {"id":3,"protoName":"width","kind":"scalar","type":"int32","repeated":false},
    binary: {"id":4,"protoName":"binary","kind":"message","type":"BinaryEncoding","repeated":false},
    levelSets: {"id":5,"protoName":"level_sets","kind":"message","type":"LevelSetEncoding","repeated":false},
    complements: {"id":6,"protoName":"complements","kind":"scalar","type":"bool","repeated":false},
  },
  BinaryEncoding: {},
  LevelSetEncoding: {
    grayMinimum: {"id":1,"protoName":"gray_minimum","kind":"scalar","type":"double","repeated":false},
    grayMaximum: {"id":2,"protoName":"gray_maximum","kind":"scalar","type":"double","repeated":false},
    channels: {"id":3,"protoName":"channels","kind":"message","type":"LevelSetValues","repeated":true},
  },
  LevelSetValues: {
    values: {"id":1,"protoName":"values","kind":"scalar","type":"double","repeated":true},
  },
  Layer: {
    bisel: {"id":1,"protoName":"bisel","kind":"message","type":"Bisel","repeated":false},
    denseLui: {"id":2,"protoName":"dense_lui","kind":"message","type":"DenseLui","repeated":false},
    maxPool: {"id":3,"protoName":"max_pool","kind":"message","type":"MaxPool","repeated":false},
    flatten: {"id":4,"protoName":"flatten","kind":"message","type":"Flatten","repeated":false},
    readout: {"id":5,"protoName":"readout","kind":"message","type":"Readout","repeated":false},
  },
  Bisel: {
    inChannels: {"id":1,"protoName":"in_channels","kind":"scalar","type":"int32","repeated":false},
    outChannels: {"id":2,"protoName":"out_channels","kind":"scalar","type":"int32","repeated":false},
    kernelHeight: {"id":3,"protoName":"kernel_height","kind":"scalar","type":"int32","repeated":false},
    kernelWidth: {"id":4,"protoName":"kernel_width","kind":"scalar","type":"int32","repeated":false},
    paddingRows: {"id":5,"protoName":"padding_rows","kind":"scalar","type":"int32","repeated":false},
    paddingColumns: {"id":6,"protoName":"padding_columns","kind":"scalar","type":"int32","repeated":false},
    paddingMode: {"id":7,"protoName":"padding_mode","kind":"enum","type":"PaddingMode","repeated":false},
    bise: {"id":8,"protoName":"bise","kind":"message","type":"NeuronBank","repeated":false},
    lui: {"id":9,"protoName":"lui","kind":"message","type":"NeuronBank","repeated":false},
  },
  DenseLui: {
    inFeatures: {"id":1,"protoName":"in_features","kind":"scalar","type":"int32","repeated":false},
    outFeatures: {"id":2,"protoName":"out_features","kind":"scalar","type":"int32","repeated":false},
    lui: {"id":3,"protoName":"lui","kind":"message","type":"NeuronBank","repeated":false},
  },
  MaxPool: {},
  Flatten: {},
  Readout: {
    inFeatures: {"id":1,"protoName":"in_features","kind":"scalar","type":"int32","repeated":false},
    classes: {"id":2,"protoName":"classes","kind":"scalar","type":"int32","repeated":false},
    bank: {"id":3,"protoName":"bank","kind":"message","type":"NeuronBank","repeated":false},
  },
  NeuronBank: {
    weights: {"id":1,"protoName":"weights","kind":"message","type":"Tensor","repeated":false},
    biases: {"id":2,"protoName":"biases","kind":"message","type":"Tensor","repeated":false},
    scales: {"id":3,"protoName":"scales","kind":"message","type":"Tensor","repeated":false},
    activation: {"id":4,"protoName":"activation","kind":"enum","type":"Activation","repeated":false},
    raw: {"id":5,"protoName":"raw","kind":"message","type":"RawParameters","repeated":false},
  },
  Tensor: {
    shape: {"id":1,"protoName":"shape","kind":"scalar","type":"uint32","repeated":true},
    data: {"id":2,"protoName":"data","kind":"scalar","type":"bytes","repeated":false},
    values: {"id":3,"protoName":"values","kind":"scalar","type":"float","repeated":true},
  },
  RawParameters: {
    weightParametrisation: {"id":1,"protoName":"weight_parametrisation","kind":"scalar","type":"string","repeated":false},
    biasParametrisation: {"id":2,"protoName":"bias_parametrisation","kind":"scalar","type":"string","repeated":false},
    weightFactor: {"id":3,"protoName":"weight_factor","kind":"scalar","type":"double","repeated":false},
    biasOffset: {"id":4,"protoName":"bias_offset","kind":"scalar","type":"double","repeated":false},
    weights: {"id":5,"protoName":"weights","kind":"message","type":"Tensor","repeated":false},
    biases: {"id":6,"protoName":"biases","kind":"message","type":"Tensor","repeated":false},
  },
  Provenance: {
    tool: {"id":1,"protoName":"tool","kind":"scalar","type":"string","repeated":false},
    dataSet: {"id":2,"protoName":"data_set","kind":"scalar","type":"string","repeated":false},
    seed: {"id":3,"protoName":"seed","kind":"scalar","type":"string","repeated":false},
    notes: {"id":4,"protoName":"notes","kind":"scalar","type":"string","repeated":false},
    metrics: {"id":5,"protoName":"metrics","kind":"message","type":"Metric","repeated":true},
  },
  Metric: {
    name: {"id":1,"protoName":"name","kind":"scalar","type":"string","repeated":false},
    value: {"id":2,"protoName":"value","kind":"scalar","type":"double","repeated":false},
  },
};

/** The values of every enum by their name. */
export const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = { Activation, PaddingMode };
