// The version of the workbench, as results name it. A test holds it against package.json.

export const workbenchVersion = '0.2.0';
