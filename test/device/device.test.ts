import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openDevice } from "../../src/device/device.js";
import { loadPackage } from "../../src/device/load-package.js";

async function sumOfOneAndTwo(): Promise<number | undefined> {
  const sum = tf.tidy(() => tf.add(tf.tensor1d([1]), tf.tensor1d([2])));
  const [value] = await sum.data();
  sum.dispose();
  return value;
}

/** Loads what `packages` has; nothing else is installed. */
function installed(packages: Readonly<Record<string, () => unknown>>) {
  return async (name: string): Promise<unknown> => packages[name]?.() ?? null;
}

const nothing = installed({});

/** What @tensorflow/tfjs-node and -gpu do when they are imported, with the CPU backend in place of theirs. */
function fakeNative(isUsingGpuDevice: boolean): () => unknown {
  return () => {
    const backend = Object.assign(Object.create(tf.findBackend("cpu")) as tf.KernelBackend, { isUsingGpuDevice });
    tf.registerBackend("tensorflow", () => backend, 3);
    tf.copyRegisteredKernels("cpu", "tensorflow");
    return { version: "4.22.0" };
  };
}

afterEach(async () => {
  await openDevice("cpu");
  if (tf.findBackendFactory("tensorflow") !== null) tf.removeBackend("tensorflow");
});

describe("devices that every installation has", () => {
  it.each(["wasm", "cpu"] as const)("%s opens and computes", async (choice) => {
    const device = await openDevice(choice, nothing);
    expect(device).toMatchObject({ name: choice, fallback: null });
    expect(device.description).toMatch(/: as chosen$/u);
    expect(tf.getBackend()).toBe(choice);
    expect(await sumOfOneAndTwo()).toBe(3);
  });

  it("auto is wasm where no package for another is installed, and says so", async () => {
    const device = await openDevice("auto", nothing);
    expect(device).toMatchObject({ name: "wasm", fallback: null });
    expect(device.description).toContain("@tensorflow/tfjs-node-gpu is not installed");
    expect(await sumOfOneAndTwo()).toBe(3);
  });

  it("print nothing", async () => {
    const spies = (["log", "info", "warn", "error"] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation(() => {}),
    );
    for (const choice of ["auto", "cpu", "gpu", "node", "webgpu"] as const) await openDevice(choice, nothing);
    await openDevice("cpu");
    await sumOfOneAndTwo();
    for (const spy of spies) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});

describe("a device whose package is not installed", () => {
  it.each([
    ["node", "npm install @tensorflow/tfjs-node@4.22.0"],
    ["gpu", "npm install @tensorflow/tfjs-node-gpu@4.22.0"],
    ["webgpu", "npm install webgpu @tensorflow/tfjs-backend-webgpu@4.22.0"],
  ] as const)("%s is replaced with wasm, in one line with the command that mends it", async (choice, command) => {
    const device = await openDevice(choice, nothing);
    expect(device.name).toBe("wasm");
    expect(device.description).toContain(`instead of ${choice}`);
    expect(device.fallback).toMatch(/not installed/u);
    expect(device.fallback).toContain(command);
    expect(device.fallback).not.toContain("\n");
    expect(await sumOfOneAndTwo()).toBe(3);
  });

  it("is found out by the package manager's own error", async () => {
    expect(await loadPackage("@bimonnc/no-such-package")).toBeNull();
    expect(await loadPackage("node:path")).toHaveProperty("join");
  });
});

describe("a device whose package is installed", () => {
  it("auto takes the GPU", async () => {
    const device = await openDevice("auto", installed({ "@tensorflow/tfjs-node-gpu": fakeNative(true) }));
    expect(device).toEqual({ name: "gpu", description: "TensorFlow on a CUDA GPU: auto", fallback: null });
    expect(tf.getBackend()).toBe("tensorflow");
    expect(await sumOfOneAndTwo()).toBe(3);
  });

  it("auto takes node where there is no package for GPUs", async () => {
    const device = await openDevice("auto", installed({ "@tensorflow/tfjs-node": fakeNative(false) }));
    expect(device).toMatchObject({ name: "node", fallback: null });
  });

  it("gpu without a GPU says that it computes on the processor", async () => {
    const packages = installed({ "@tensorflow/tfjs-node-gpu": fakeNative(false) });
    const device = await openDevice("gpu", packages);
    expect(device.name).toBe("node");
    expect(device.fallback).toMatch(/finds no CUDA GPU/u);
    expect(await openDevice("auto", packages)).toMatchObject({ name: "node", fallback: null });
  });

  it("that breaks while it loads is replaced with wasm, with its first line", async () => {
    const broken = installed({
      "@tensorflow/tfjs-node": () => {
        throw new Error("libtensorflow.so.2: cannot open shared object file\nRequire stack: …");
      },
    });
    const device = await openDevice("node", broken);
    expect(device.name).toBe("wasm");
    expect(device.fallback).toContain("libtensorflow.so.2: cannot open shared object file");
    expect(device.fallback).not.toContain("Require stack");
    expect(await openDevice("auto", broken)).toMatchObject({ name: "wasm", fallback: null });
  });

  it("webgpu without a graphics adapter is replaced with wasm", async () => {
    const device = await openDevice(
      "webgpu",
      installed({ webgpu: () => ({ create: () => ({}), globals: {} }), "@tensorflow/tfjs-backend-webgpu": () => ({}) }),
    );
    expect(device.name).toBe("wasm");
    expect(device.fallback).toContain("no graphics adapter");
  });

  it("webgpu takes the GPU that its package makes", async () => {
    const gpu = { requestAdapter: () => null };
    const registerFake = (): unknown => {
      expect(Reflect.get(globalThis, "navigator")).toHaveProperty("gpu", gpu);
      tf.registerBackend("webgpu", () => Object.create(tf.findBackend("cpu")) as tf.KernelBackend, 3);
      tf.copyRegisteredKernels("cpu", "webgpu");
      return {};
    };
    const device = await openDevice(
      "webgpu",
      installed({
        webgpu: () => ({ create: () => gpu, globals: {} }),
        "@tensorflow/tfjs-backend-webgpu": registerFake,
      }),
    );
    expect(device).toEqual({ name: "webgpu", description: "WebGPU: as chosen", fallback: null });
    await openDevice("cpu");
    tf.removeBackend("webgpu");
  });
});
