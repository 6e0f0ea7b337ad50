// A way to lose the GPU on purpose, put before the worker's script where a scenario needs it.

/** Keeps the worker's GPU devices at hand and destroys the last one when the page says so on the channel `lose-gpu`. */
export const breakable = `
const open = GPUAdapter.prototype.requestDevice;
const devices = [];
GPUAdapter.prototype.requestDevice = async function (...args) {
	const device = await open.apply(this, args);
	devices.push(device);
	return device;
};
new BroadcastChannel('lose-gpu').onmessage = () => devices.at(-1)?.destroy();
`;
