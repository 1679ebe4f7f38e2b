/**
 * Files of other people's formats, read and written: data sets in IDX, CIFAR, CSV and folders of
 * images, arrays in safetensors and NumPy's formats. Whatever is wrong with a file is told with its
 * name, the place, and what was expected there; a file that announces more than it has costs no
 * memory.
 *
 * <pre>
 *   {@link org.gradus.layers.files.Weights}                 saves and loads what a net has learnt, by
 *   {@link org.gradus.layers.files.LoadOptions}             a part of a file, renamed, converted; gives
 *   {@link org.gradus.layers.files.Loaded}                  what was loaded, missing and left over
 *   {@link org.gradus.layers.files.StateHash}               whether two nets have learnt the same, to the bit
 *   {@link org.gradus.layers.files.SafeTensorsFile}         one array of a large file, out of its
 *   {@link org.gradus.layers.files.SafeTensors}             arrays by name, with a checksum, written by
 *   {@link org.gradus.layers.files.SafeFile}                the old file or the new one, never a half
 *   {@link org.gradus.layers.files.NumPy}                   arrays of NumPy: .npy and .npz
 *   {@link org.gradus.layers.files.NpyFormat}               their order and version, where NumPy's own will not do
 *   {@link org.gradus.layers.files.IdxDataset}              the four files of MNIST, read by
 *   {@link org.gradus.layers.files.IdxReader}               images and labels
 *   {@link org.gradus.layers.files.Cifar}                   CIFAR-10 and CIFAR-100
 *   {@link org.gradus.layers.files.Csv}                     tables of numbers and classes, each a
 *   {@link org.gradus.layers.files.Table}                   columns by name, as arrays and data sets
 *   {@link org.gradus.layers.files.Images}                  images: read, written, resized, cropped
 *   {@link org.gradus.layers.files.DecodedImage}            a large image, of which parts become arrays
 *   {@link org.gradus.layers.files.ImageFolder}             a folder of images for each class
 *   {@link org.gradus.layers.files.FileFormatException}     what a damaged file is refused with
 * </pre>
 */
@NullMarked
package org.gradus.layers.files;

import org.jspecify.annotations.NullMarked;
